// A forgotten password: asking for a link by mail, and using it.
import * as PasswordReset from "@notejam/core/password-reset/index";
import { RESET_MAILS_AN_HOUR, RedeemReset, RequestReset } from "@notejam/core/password-reset/schema";
import { Hono } from "hono";
import { handToMailFunction } from "../../mail/invoke.ts";
import type { ApiEnv } from "../http/context.ts";
import { clientAddress, siteOrigin } from "../http/distribution.ts";
import { operation } from "../http/operation.ts";

export const passwordResets = new Hono<ApiEnv>()
  .post(
    "/",
    operation({
      summary: "Ask for a link to choose a new password",
      description: `The same answer whoever is named. At most ${RESET_MAILS_AN_HOUR} mails an hour go to one account.`,
      body: RequestReset,
      example: { email: "user@example.com" },
      answers: { 202: null },
      problems: ["rate_limited"],
    }),
    async (c) => {
      await PasswordReset.request(c.var.body, { address: clientAddress(c) });
      await handToMailFunction({ email: c.var.body.email, siteOrigin: siteOrigin(c) });
      return c.body(null, 202);
    },
  )
  .put(
    "/",
    operation({
      summary: "Choose a new password with a link that was mailed",
      description: "Works once, and ends all sessions of the account.",
      body: RedeemReset,
      example: { token: "a".repeat(43), password: "correct horse battery" },
      answers: { 204: null },
      problems: ["rate_limited"],
    }),
    async (c) => {
      await PasswordReset.redeem(c.var.body, { address: clientAddress(c) });
      return c.body(null, 204);
    },
  );
