// The requests that write a note and read what it was, for whoever sends them: the page, and what tries the service. Each can be
// sent again without a second effect.
import { type Api, ifMatch } from "@notejam/client";
import type { CreateNote, Note, SaveNote } from "@notejam/core/note/schema";
import type { Revision } from "@notejam/core/revision/schema";
import type { WithId } from "../data/id.ts";
import { asProblem } from "../data/problem.ts";

/**
 * Creates a note, also where an earlier request has done so and its answer was lost.
 * @throws Problem `not_found` if that note was deleted since; `version_mismatch` if it was saved since
 */
export async function sendNote(api: Api, { id, ...written }: WithId<CreateNote>): Promise<Note> {
  try {
    return (await (await api.notes.$post({ json: { id, ...written } })).json()).note;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code !== "conflict") throw problem;
    // More was written since the earlier request. This saves over what that made.
    return await sendChange(api, id, 1, written);
  }
}

/** Saves over version `base`. @throws Problem `version_mismatch` with the current note, `not_found` */
export async function sendChange(api: Api, id: string, base: number, change: SaveNote): Promise<Note> {
  const response = await api.notes[":id"].$patch({ param: { id }, header: ifMatch(base), json: change });
  return (await response.json()).note;
}

/** Reads a note's content at an earlier version; undefined if it is gone. @throws Problem */
export async function readState(api: Api, id: string, version: number): Promise<Revision | undefined> {
  try {
    const param = { id, version: String(version) };
    return (await (await api.notes[":id"].revisions[":version"].$get({ param })).json()).revision;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code === "not_found") return undefined;
    throw problem;
  }
}
