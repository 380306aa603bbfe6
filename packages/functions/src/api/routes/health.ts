// Shows that the API answers. It does not call the database, because each check would keep it awake.
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { operation } from "../http/operation.ts";

export const health = new Hono<ApiEnv>().get(
  "/",
  operation({
    summary: "Whether the API answers",
    session: "none",
    answers: { 200: z.object({ status: z.literal("ok") }) },
  }),
  (c) => c.json({ status: "ok" as const }),
);
