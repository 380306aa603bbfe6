// The route of the places where notes are, which a sidebar shows.
import * as Places from "@notejam/core/places/index";
import { Places as PlacesSchema } from "@notejam/core/places/schema";
import { Hono } from "hono";
import type { ApiEnv } from "../http/context.ts";
import { operation } from "../http/operation.ts";

export const places = new Hono<ApiEnv>().get(
  "/",
  operation({
    summary: "Count the notes of each place: all, pinned, archived, the trash, pads and tags",
    answers: { 200: PlacesSchema },
  }),
  async (c) => c.json(await Places.list(c.var.viewer)),
);
