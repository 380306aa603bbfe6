// The routes of accounts: sign up, and change the password.
import * as Account from "@notejam/core/account/index";
import { ChangePassword, SignUp, User } from "@notejam/core/account/schema";
import { REPLACED_TOKEN_MINUTES } from "@notejam/core/session/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { browserOf, deviceFromCookie, setCookiesOf, setSessionCookie } from "../http/cookies.ts";
import { operation } from "../http/operation.ts";

export const users = new Hono<ApiEnv>().post(
  "/",
  operation({
    summary: "Sign up",
    description: "It also signs in: the cookies and the session that ends are those of signing in.",
    session: "optional",
    body: SignUp,
    example: { email: "user@example.com", password: "correct horse battery" },
    answers: { 201: z.object({ user: User }) },
    headers: "set-cookie",
    problems: ["email_taken", "rate_limited"],
  }),
  async (c) => {
    const { user, ...opened } = await Account.signUp(c.var.body, browserOf(c));
    setCookiesOf(c, opened);
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
