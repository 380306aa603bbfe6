// The routes of notes.
import { Id } from "@notejam/core/field/schema";
import * as Note from "@notejam/core/note/index";
import { SELECTED_MAX, TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import * as Marks from "@notejam/core/note/marks";
import {
  ChangedNote,
  CreateNote,
  ListNotes,
  MarkedNote,
  MarkNote,
  MarkNotes,
  MovedNote,
  MoveNotes,
  NotePage,
  Note as NoteSchema,
  NoteWithLinks,
  SaveNote,
  SelectNotes,
} from "@notejam/core/note/schema";
import * as Selection from "@notejam/core/note/selection";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { etag } from "../http/etag.ts";
import { operation } from "../http/operation.ts";

/** Bytes of a body with a text. JSON may write a byte as six characters, `\u0001`; the other fields need less than the rest. */
const TEXT_BODY_MAX_BYTES = 8 * TEXT_MAX_BYTES;

/** Members of a body that names as many notes as it may: with a pad for each, and the marks. */
const SELECTION_MEMBERS_MAX = 4 * SELECTED_MAX;

const OneNote = z.object({ note: NoteSchema });
const ChangedNotes = z.object({ notes: z.array(ChangedNote) });

const SOME_NOTE = "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35";

/** For a route that changes several notes. */
const LEFT_OUT = "Each note is judged by itself. The answer leaves out what is not there.";

export const notes = new Hono<ApiEnv>()
  .get(
    "/",
    operation({
      summary: "List, search and page through notes",
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
      body: CreateNote,
      bodyMaxBytes: TEXT_BODY_MAX_BYTES,
      example: { name: "Bread", named: true, text: "Rye.", padId: null },
      answers: { 201: OneNote, 200: OneNote },
      headers: "etag",
      problems: ["conflict", "quota_exceeded", "rate_limited"],
    }),
    async (c) => {
      const { note, created } = await Note.create(c.var.viewer, c.var.body);
      return c.json({ note }, created ? 201 : 200, etag(note));
    },
  )
  .get(
    "/:id",
    operation({
      summary: "Read a note, and which notes link to it",
      path: { id: Id },
      answers: { 200: NoteWithLinks },
      headers: "etag",
    }),
    async (c) => {
      const read = await Note.get(c.var.viewer, c.var.path.id);
      return c.json(read, 200, etag(read.note));
    },
  )
  .patch(
    "/:id",
    operation({
      summary: "Save a note",
      description:
        "A field that is left out stays. The same save sent again is 200. Equal content makes no new version.",
      path: { id: Id },
      ifMatch: true,
      body: SaveNote,
      bodyMaxBytes: TEXT_BODY_MAX_BYTES,
      example: { name: "Bread", named: true, text: "Rye.", padId: null },
      answers: { 200: OneNote },
      headers: "etag",
      problems: ["version_mismatch", "quota_exceeded", "rate_limited"],
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
      path: { id: Id },
      answers: { 204: null },
    }),
    async (c) => {
      await Note.remove(c.var.viewer, c.var.path.id);
      return c.body(null, 204);
    },
  )
  .put(
    "/marks",
    operation({
      summary: "Pin or archive notes, or take these marks away",
      description: `${LEFT_OUT} Marks make no version. A mark that is left out stays; the last request wins.`,
      body: MarkNotes,
      bodyMembersMax: SELECTION_MEMBERS_MAX,
      example: { ids: [SOME_NOTE], pinned: true, archived: false },
      answers: { 200: z.object({ notes: z.array(MarkedNote) }) },
    }),
    async (c) => c.json({ notes: await Marks.markEach(c.var.viewer, c.var.body) }),
  )
  .put(
    "/:id/marks",
    operation({
      summary: "Pin or archive a note, or take these marks away",
      description: "Marks make no version. A mark that is left out stays; the last request wins.",
      path: { id: Id },
      body: MarkNote,
      example: { pinned: true, archived: false },
      answers: { 200: z.object({ note: MarkedNote }) },
    }),
    async (c) => c.json({ note: await Marks.mark(c.var.viewer, c.var.path.id, c.var.body) }),
  )
  .post(
    "/move",
    operation({
      summary: "Move notes into pads, or out of any",
      description: `${LEFT_OUT} If a pad is not live, no note is moved.`,
      body: MoveNotes,
      bodyMembersMax: SELECTION_MEMBERS_MAX,
      example: { notes: [{ id: SOME_NOTE, padId: null }] },
      answers: { 200: z.object({ notes: z.array(MovedNote) }) },
      problems: ["rate_limited"],
    }),
    async (c) => c.json({ notes: await Selection.move(c.var.viewer, c.var.body) }),
  )
  .post(
    "/delete",
    operation({
      summary: "Move notes to the trash",
      description: `${LEFT_OUT} It has those that were in the trash already.`,
      body: SelectNotes,
      bodyMembersMax: SELECTION_MEMBERS_MAX,
      example: { ids: [SOME_NOTE] },
      answers: { 200: ChangedNotes },
    }),
    async (c) => c.json({ notes: await Selection.remove(c.var.viewer, c.var.body) }),
  )
  .post(
    "/restore",
    operation({
      summary: "Take notes out of the trash, into the pads that they had",
      description: `${LEFT_OUT} It has those that are back already, and not those whose pads are in the trash.`,
      body: SelectNotes,
      bodyMembersMax: SELECTION_MEMBERS_MAX,
      example: { ids: [SOME_NOTE] },
      answers: { 200: ChangedNotes },
      problems: ["rate_limited"],
    }),
    async (c) => c.json({ notes: await Selection.restore(c.var.viewer, c.var.body) }),
  );
