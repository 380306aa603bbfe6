// The routes of a note's revisions: its states at each version.
import { Id, Version } from "@notejam/core/field/schema";
import { Note } from "@notejam/core/note/schema";
import * as Revision from "@notejam/core/revision/index";
import { ListRevisions, RevisionPage, Revision as RevisionSchema } from "@notejam/core/revision/schema";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { etag } from "../http/etag.ts";
import { operation } from "../http/operation.ts";

/** A version in a path. */
const PathVersion = z.pipe(z.pipe(z.string().check(z.regex(/^[1-9]\d{0,9}$/)), z.transform(Number)), Version);

export const revisions = new Hono<ApiEnv>()
  .get(
    "/:id/revisions",
    operation({
      summary: "List the revisions of a note, newest first",
      description: "The first is the note's present state.",
      path: { id: Id },
      query: ListRevisions,
      answers: { 200: RevisionPage },
    }),
    async (c) => c.json(await Revision.list(c.var.viewer, c.var.path.id, c.var.query)),
  )
  .get(
    "/:id/revisions/:version",
    operation({
      summary: "Read a revision of a note",
      path: { id: Id, version: PathVersion },
      answers: { 200: z.object({ revision: RevisionSchema }) },
    }),
    async (c) => {
      const { id, version } = c.var.path;
      return c.json({ revision: await Revision.get(c.var.viewer, id, version) });
    },
  )
  .post(
    "/:id/revisions/:version/restore",
    operation({
      summary: "Restore a note to a revision",
      description: "Makes a new version with that revision's name and text. The pad stays.",
      path: { id: Id, version: PathVersion },
      answers: { 200: z.object({ note: Note }) },
      headers: "etag",
      problems: ["rate_limited"],
    }),
    async (c) => {
      const { id, version } = c.var.path;
      const note = await Revision.restore(c.var.viewer, id, version);
      return c.json({ note }, 200, etag(note));
    },
  );
