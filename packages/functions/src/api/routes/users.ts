// The routes of accounts: sign up, and change the password.
import * as Account from "@notejam/core/account/index";
import { ChangePassword, SignUp, User } from "@notejam/core/account/schema";
import { REPLACED_TOKEN_MINUTES } from "@notejam/core/session/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { deviceFromCookie, setSessionCookie } from "../http/cookies.ts";
import { clientAddress } from "../http/distribution.ts";
import { operation } from "../http/operation.ts";

export const users = new Hono<ApiEnv>().post(
  "/",
  operation({
    summary: "Sign up",
    description: "It opens no session: sign in afterwards.",
    session: "none",
    body: SignUp,
    example: { email: "user@example.com", password: "correct horse battery" },
    answers: { 201: z.object({ user: User }) },
    problems: ["email_taken", "rate_limited"],
  }),
  async (c) => {
    const user = await Account.signUp(c.var.body, { address: clientAddress(c) });
    return c.json({ user }, 201);
  },
);

export const user = new Hono<ApiEnv>().put(
  "/password",
  operation({
    summary: "Change the password",
    description: `The user's other sessions end, and other devices are forgotten. The cookie has a new token for this session. For ${REPLACED_TOKEN_MINUTES} minutes the old one can repeat this very request, whose answer may have been lost, and gets a token again.`,
    body: ChangePassword,
    example: { currentPassword: "correct horse battery", newPassword: "correct horse battery" },
    answers: { 204: null },
    headers: "set-cookie",
    problems: ["wrong_credentials", "rate_limited"],
  }),
  async (c) => {
    const token = await Account.changePassword(c.var.viewer, c.var.body, deviceFromCookie(c));
    if (token !== undefined) setSessionCookie(c, token);
    return c.body(null, 204);
  },
);
