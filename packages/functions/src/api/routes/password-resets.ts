// The routes for a forgotten password: ask for a link by mail, and use it.
import * as PasswordReset from "@notejam/core/password-reset/index";
import { RESET_MAILS_AN_HOUR, RedeemReset, RequestReset } from "@notejam/core/password-reset/schema";
import { Hono } from "hono";
import { invokeMailFunction } from "../../mail/invoke.ts";
import type { ApiEnv } from "../http/context.ts";
import { deviceName, setDeviceCookie } from "../http/cookies.ts";
import { clientAddress, siteOrigin } from "../http/distribution.ts";
import { operation } from "../http/operation.ts";

export const passwordResets = new Hono<ApiEnv>()
  .post(
    "/",
    operation({
      summary: "Ask for a link to choose a new password",
      description: `The answer is the same for every email. One account gets at most ${RESET_MAILS_AN_HOUR} mails an hour.`,
      session: "none",
      body: RequestReset,
      example: { email: "user@example.com" },
      answers: { 202: null },
      problems: ["rate_limited"],
    }),
    async (c) => {
      await PasswordReset.request(c.var.body, { address: clientAddress(c) });
      await invokeMailFunction({ email: c.var.body.email, siteOrigin: siteOrigin(c) });
      return c.body(null, 202);
    },
  )
  .put(
    "/",
    operation({
      summary: "Choose a new password with a mailed link",
      description:
        "The link works once. All sessions of the account end, and all its devices are forgotten. The cookie names the device, where the user can then sign in however many attempts others make.",
      session: "none",
      body: RedeemReset,
      example: { token: "a".repeat(43), password: "correct horse battery" },
      answers: { 204: null },
      headers: "set-cookie",
      problems: ["rate_limited"],
    }),
    async (c) => {
      const from = { address: clientAddress(c), deviceName: deviceName(c) };
      setDeviceCookie(c, await PasswordReset.redeem(c.var.body, from));
      return c.body(null, 204);
    },
  );
