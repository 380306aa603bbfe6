// The routes of all sessions of the viewer's user.
import { Id } from "@notejam/core/field/schema";
import * as Session from "@notejam/core/session/index";
import { Session as SessionSchema } from "@notejam/core/session/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { operation } from "../http/operation.ts";

export const sessions = new Hono<ApiEnv>()
  .get(
    "/",
    operation({
      summary: "List the sessions of this user",
      answers: { 200: z.object({ sessions: z.array(SessionSchema) }) },
    }),
    async (c) => c.json({ sessions: await Session.list(c.var.viewer) }),
  )
  .delete(
    "/:id",
    operation({
      summary: "End a session of this user",
      path: { id: Id },
      answers: { 204: null },
    }),
    async (c) => {
      await Session.end(c.var.viewer, c.var.path.id);
      return c.body(null, 204);
    },
  );
