// The routes of the viewer's session: sign in, read the user, sign out.

import { User } from "@notejam/core/account/schema";
import * as Session from "@notejam/core/session/index";
import { SignIn } from "@notejam/core/session/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { browserOf, clearSessionCookie, setCookiesOf } from "../http/cookies.ts";
import { operation } from "../http/operation.ts";

export const session = new Hono<ApiEnv>()
  .post(
    "/",
    operation({
      summary: "Sign in",
      description:
        "Any failure has the same message, status and time, whether the email has an account or not. A second cookie names the device, which from then on has attempts of its own. The session that the request's cookie had ends, whoever's it was.",
      session: "optional",
      body: SignIn,
      example: { email: "user@example.com", password: "correct horse battery" },
      answers: { 201: z.object({ user: User }) },
      headers: "set-cookie",
      problems: ["wrong_credentials", "rate_limited"],
    }),
    async (c) => {
      const { user, ...opened } = await Session.signIn(c.var.body, browserOf(c));
      setCookiesOf(c, opened);
      return c.json({ user }, 201);
    },
  )
  .get(
    "/",
    operation({
      summary: "Read the signed-in user",
      answers: { 200: z.object({ user: User }) },
    }),
    async (c) => c.json({ user: await Session.get(c.var.viewer) }),
  )
  .delete(
    "/",
    operation({
      summary: "Sign out",
      description: "Also 204 without a live session, so that a browser can delete its cookie.",
      session: "optional",
      answers: { 204: null },
      headers: "set-cookie",
    }),
    async (c) => {
      if (c.var.viewer) await Session.signOut(c.var.viewer);
      clearSessionCookie(c);
      return c.body(null, 204);
    },
  );
