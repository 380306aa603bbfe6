// The routes of pads.
import { Id } from "@notejam/core/field/schema";
import * as Pad from "@notejam/core/pad/index";
import { CreatePad, Pad as PadSchema, RenamePad } from "@notejam/core/pad/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { etag } from "../http/etag.ts";
import { operation } from "../http/operation.ts";

const OnePad = z.object({ pad: PadSchema });

export const pads = new Hono<ApiEnv>()
  .get(
    "/",
    operation({
      summary: "List the pads by name",
      answers: { 200: z.object({ pads: z.array(PadSchema) }) },
    }),
    async (c) => c.json({ pads: await Pad.list(c.var.viewer) }),
  )
  .post(
    "/",
    operation({
      summary: "Create a pad",
      description: "The client may choose the id. The same creation sent again is then 200.",
      body: CreatePad,
      example: { name: "Errands" },
      answers: { 201: OnePad, 200: OnePad },
      headers: "etag",
      problems: ["conflict", "too_many_pads"],
    }),
    async (c) => {
      const { pad, created } = await Pad.create(c.var.viewer, c.var.body);
      return c.json({ pad }, created ? 201 : 200, etag(pad));
    },
  )
  .get(
    "/:id",
    operation({
      summary: "Read a pad",
      path: { id: Id },
      answers: { 200: OnePad },
      headers: "etag",
    }),
    async (c) => {
      const pad = await Pad.get(c.var.viewer, c.var.path.id);
      return c.json({ pad }, 200, etag(pad));
    },
  )
  .patch(
    "/:id",
    operation({
      summary: "Rename a pad",
      path: { id: Id },
      ifMatch: true,
      body: RenamePad,
      example: { name: "Errands" },
      answers: { 200: OnePad },
      headers: "etag",
      problems: ["version_mismatch"],
    }),
    async (c) => {
      const pad = await Pad.rename(c.var.viewer, c.var.path.id, c.var.base, c.var.body);
      return c.json({ pad }, 200, etag(pad));
    },
  )
  .delete(
    "/:id",
    operation({
      summary: "Move a pad and its notes to the trash",
      description: "Also 204 if it is there already.",
      path: { id: Id },
      answers: { 204: null },
    }),
    async (c) => {
      await Pad.remove(c.var.viewer, c.var.path.id);
      return c.body(null, 204);
    },
  );
