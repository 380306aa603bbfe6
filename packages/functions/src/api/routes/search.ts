// The route of the search.
import * as Search from "@notejam/core/search/index";
import { FoundNote, SearchNotes } from "@notejam/core/search/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { operation } from "../http/operation.ts";

export const search = new Hono<ApiEnv>().get(
  "/",
  operation({
    summary: "Find notes by a part of their names or texts",
    description:
      "Those with it in their names come first, then those with it in their texts, each the newest first. Without `q`, a filter is needed. Ranges are of UTF-16 units.",
    query: SearchNotes,
    answers: { 200: z.object({ found: z.array(FoundNote) }) },
    problems: ["not_found", "rate_limited"],
  }),
  async (c) => c.json({ found: await Search.find(c.var.viewer, c.var.query) }),
);
