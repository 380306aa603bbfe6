// What the pages write about pads, and which answers each write makes stale. Each can be sent again without a second
// effect.
import { ifMatch } from "@notejam/client";
import type { Problem } from "@notejam/client/problem";
import type { CreatePad, Pad, RenamePad } from "@notejam/core/pad/schema";
import { action, json, query } from "@solidjs/router";
import { api } from "../data/api.ts";
import type { WithId } from "../data/id.ts";
import { getNote, getNotes } from "../notes/queries.ts";
import { getPad, getPads } from "./queries.ts";

export const createPad = action(async (input: WithId<CreatePad>) => {
  return padSaved((await (await api.pads.$post({ json: input })).json()).pad);
}, "create-pad");

/** @throws Problem `version_mismatch` with the current pad, `not_found`. */
export const renamePad = action(async (id: string, base: number, input: RenamePad) => {
  const response = await api.pads[":id"].$patch({ param: { id }, header: ifMatch(base), json: input });
  return padSaved((await response.json()).pad);
}, "rename-pad");

/** Deletes the pad and its notes. */
export const deletePad = action(async (id: string) => {
  await api.pads[":id"].$delete({ param: { id } });
  query.delete(getPad.keyFor(id));
  return json(null, { revalidate: [getPads.key, getNotes.key, getNote.key] });
}, "delete-pad");

function padSaved(pad: Pad) {
  query.set(getPad.keyFor(pad.id), pad);
  return json(pad, { revalidate: getPads.key });
}

/** The current pad, from a `version_mismatch`. */
export function currentPad(problem: Problem): Pad {
  return problem.current as Pad;
}
