// The routes of what was: the account as it stood at a time, and whether its states are as they were written.
import { Id } from "@notejam/core/field/schema";
import * as History from "@notejam/core/history/index";
import {
  GetPast,
  ListPast,
  PastNoteWithText,
  PastPage,
  RestoredPast,
  RestorePast,
  Verified,
  VerifyAccount,
} from "@notejam/core/history/schema";
import { SELECTED_MAX } from "@notejam/core/note/limits";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { operation } from "../http/operation.ts";

/** Loaded when it is asked for: a cold start does without. */
const verification = () => import("@notejam/core/history/verify");

export const history = new Hono<ApiEnv>()
  .get(
    "/",
    operation({
      summary: "List the notes as they stood at a time, newest first",
      description:
        "The first page has the pads of then, too, and says when the first note was made if there was none yet.",
      query: ListPast,
      answers: { 200: PastPage },
      problems: ["not_found"],
    }),
    async (c) => c.json(await History.list(c.var.viewer, c.var.query)),
  )
  .get(
    "/notes/:id",
    operation({
      summary: "Read a note as it stood at a time",
      path: { id: Id },
      query: GetPast,
      answers: { 200: z.object({ note: PastNoteWithText }) },
    }),
    async (c) => c.json({ note: await History.get(c.var.viewer, c.var.path.id, c.var.query) }),
  )
  .post(
    "/restore",
    operation({
      summary: "Bring notes back as they stood at a time",
      description:
        "Each gets the name and text that it had, as a new version, and comes out of the trash. The answer leaves out what did not stand then.",
      body: RestorePast,
      bodyMembersMax: SELECTED_MAX + 8,
      example: { at: "2026-11-24T09:00:00.000Z", ids: ["0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35"] },
      answers: { 200: RestoredPast },
      problems: ["rate_limited"],
    }),
    async (c) => c.json({ notes: await History.restore(c.var.viewer, c.var.body) }),
  )
  .get(
    "/verify",
    operation({
      summary: "Check that no state of the account was changed or removed",
      description: "A page at a time. It names the first state that differs, and checks nothing after it.",
      query: VerifyAccount,
      answers: { 200: Verified },
    }),
    async (c) => {
      const { verify } = await verification();
      return c.json(await verify(c.var.viewer, c.var.query));
    },
  );

/** Below /notes. */
export const noteVerification = new Hono<ApiEnv>().get(
  "/:id/verify",
  operation({
    summary: "Check that no state of a note was changed or removed",
    description: "Also of a note in the trash. `newest` is what the log has of its newest state.",
    path: { id: Id },
    query: VerifyAccount,
    answers: { 200: Verified },
  }),
  async (c) => {
    const { verify } = await verification();
    return c.json(await verify(c.var.viewer, { note: c.var.path.id, cursor: c.var.query.cursor }));
  },
);
