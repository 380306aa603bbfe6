// The routes of the trash: list what was deleted, and restore it.
import { Id } from "@notejam/core/field/schema";
import { Note } from "@notejam/core/note/schema";
import * as Pad from "@notejam/core/pad/index";
import { Pad as PadSchema } from "@notejam/core/pad/schema";
import * as Trash from "@notejam/core/trash/index";
import { DeleteForEver, ListTrash, Remaining, RestoreNote, TrashPage } from "@notejam/core/trash/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { etag } from "../http/etag.ts";
import { operation } from "../http/operation.ts";

/** Loaded when it is asked for: a cold start does without. */
const purging = () => import("@notejam/core/trash/purge");

export const trash = new Hono<ApiEnv>()
  .get(
    "/",
    operation({
      summary: "List the trash, newest first",
      description:
        "Pads, and notes that were deleted by themselves. With `pad`, the notes that come back with it.",
      query: ListTrash,
      answers: { 200: TrashPage },
      problems: ["not_found", "rate_limited"],
    }),
    async (c) => c.json(await Trash.list(c.var.viewer, c.var.query)),
  )
  .post(
    "/notes/:id/restore",
    operation({
      summary: "Take a note out of the trash",
      description:
        "Also 200 if it is back already. If its pad was deleted, name another in `padId`, or null for no pad.",
      path: { id: Id },
      body: RestoreNote,
      example: { padId: null },
      bodyOptional: true,
      answers: { 200: z.object({ note: Note }) },
      headers: "etag",
      problems: ["conflict", "rate_limited"],
    }),
    async (c) => {
      const note = await Trash.restoreNote(c.var.viewer, c.var.path.id, c.var.body);
      return c.json({ note }, 200, etag(note));
    },
  )
  .post(
    "/pads/:id/restore",
    operation({
      summary: "Take a pad and its notes out of the trash",
      description: "Also 200 if it is back already.",
      path: { id: Id },
      answers: { 200: z.object({ pad: PadSchema }) },
      headers: "etag",
    }),
    async (c) => {
      const pad = await Pad.restore(c.var.viewer, c.var.path.id);
      return c.json({ pad }, 200, etag(pad));
    },
  )
  .delete(
    "/notes/:id",
    operation({
      summary: "Delete a note in the trash for ever",
      description: "With every earlier state. Also 204 if it was deleted so already.",
      path: { id: Id },
      body: DeleteForEver,
      example: { password: "correct horse battery" },
      answers: { 204: null },
      problems: ["wrong_credentials", "rate_limited"],
    }),
    async (c) => {
      const { purgeNote } = await purging();
      await purgeNote(c.var.viewer, c.var.path.id, c.var.body);
      return c.body(null, 204);
    },
  )
  .delete(
    "/pads/:id",
    operation({
      summary: "Delete a pad in the trash for ever, with its notes",
      description:
        "A pad of very many notes takes several requests: 202 says how many are left, and the same request deletes the next ones.",
      path: { id: Id },
      body: DeleteForEver,
      example: { password: "correct horse battery" },
      answers: { 204: null, 202: Remaining },
      problems: ["wrong_credentials", "rate_limited"],
    }),
    async (c) => {
      const { purgePad } = await purging();
      const remaining = await purgePad(c.var.viewer, c.var.path.id, c.var.body);
      return remaining === 0 ? c.body(null, 204) : c.json({ remaining }, 202);
    },
  );
