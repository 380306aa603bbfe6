// The routes of notes.
import { Id } from "@notejam/core/field/schema";
import * as Note from "@notejam/core/note/index";
import {
  CreateNote,
  ListNotes,
  NotePage,
  Note as NoteSchema,
  SaveNote,
  TEXT_MAX_BYTES,
} from "@notejam/core/note/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { etag } from "../http/etag.ts";
import { operation } from "../http/operation.ts";

/** Bytes of a body with a text. JSON may write a byte as six characters, `\u0001`; the other fields need less than the rest. */
const TEXT_BODY_MAX_BYTES = 8 * TEXT_MAX_BYTES;

const OneNote = z.object({ note: NoteSchema });

export const notes = new Hono<ApiEnv>()
  .get(
    "/",
    operation({
      summary: "List, search and page through notes",
      session: "required",
      query: ListNotes,
      answers: { 200: NotePage },
      problems: ["not_found", "rate_limited"],
    }),
    async (c) => c.json(await Note.list(c.var.viewer, c.var.query)),
  )
  .post(
    "/",
    operation({
      summary: "Create a note",
      description: "The client may choose the id. The same creation sent again is then 200.",
      session: "required",
      body: CreateNote,
      bodyMaxBytes: TEXT_BODY_MAX_BYTES,
      example: { name: "Bread", text: "Rye.", padId: null },
      answers: { 201: OneNote, 200: OneNote },
      headers: "etag",
      problems: ["conflict", "quota_exceeded"],
    }),
    async (c) => {
      const { note, created } = await Note.create(c.var.viewer, c.var.body);
      return c.json({ note }, created ? 201 : 200, etag(note));
    },
  )
  .get(
    "/:id",
    operation({
      summary: "Read a note",
      session: "required",
      path: { id: Id },
      answers: { 200: OneNote },
      headers: "etag",
      problems: ["not_found"],
    }),
    async (c) => {
      const note = await Note.get(c.var.viewer, c.var.path.id);
      return c.json({ note }, 200, etag(note));
    },
  )
  .patch(
    "/:id",
    operation({
      summary: "Save a note",
      description:
        "A field that is left out stays. The same save sent again is 200. Equal content makes no new version.",
      session: "required",
      path: { id: Id },
      ifMatch: true,
      body: SaveNote,
      bodyMaxBytes: TEXT_BODY_MAX_BYTES,
      example: { name: "Bread", text: "Rye.", padId: null },
      answers: { 200: OneNote },
      headers: "etag",
      problems: ["not_found", "version_mismatch"],
    }),
    async (c) => {
      const note = await Note.save(c.var.viewer, c.var.path.id, c.var.base, c.var.body);
      return c.json({ note }, 200, etag(note));
    },
  )
  .delete(
    "/:id",
    operation({
      summary: "Move a note to the trash",
      description: "Also 204 if it is there already.",
      session: "required",
      path: { id: Id },
      answers: { 204: null },
      problems: ["not_found"],
    }),
    async (c) => {
      await Note.remove(c.var.viewer, c.var.path.id);
      return c.body(null, 204);
    },
  );
