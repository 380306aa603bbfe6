// Accounts: signing up, and changing one's password.
import * as User from "@notejam/core/account/index";
import { ChangePassword, SignUp, User as UserSchema } from "@notejam/core/account/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { clientAddress } from "../http/distribution.ts";
import { operation } from "../http/operation.ts";

export const users = new Hono<ApiEnv>().post(
  "/",
  operation({
    summary: "Sign up",
    description: "Opens no session: sign in afterwards.",
    body: SignUp,
    example: { email: "user@example.com", password: "correct horse battery" },
    answers: { 201: z.object({ user: UserSchema }) },
    problems: ["email_taken", "rate_limited"],
  }),
  async (c) => {
    const user = await User.signUp(c.var.body, { address: clientAddress(c) });
    return c.json({ user }, 201);
  },
);

export const user = new Hono<ApiEnv>().put(
  "/password",
  operation({
    summary: "Change the password",
    description: "Ends this user's other sessions.",
    session: "required",
    body: ChangePassword,
    example: { currentPassword: "correct horse battery", newPassword: "correct horse battery" },
    answers: { 204: null },
    problems: ["wrong_credentials", "rate_limited"],
  }),
  async (c) => {
    await User.changePassword(c.var.viewer, c.var.body, { address: clientAddress(c) });
    return c.body(null, 204);
  },
);
