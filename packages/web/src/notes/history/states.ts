// A note's states: listed, read with their texts, and restored.
import type { Note } from "@notejam/core/note/schema";
import type { Revision, RevisionSummary } from "@notejam/core/revision/schema";
import { api } from "../../data/api.ts";
import { parseId } from "../../data/id.ts";
import { Paged } from "../../data/paged.ts";
import { onOtherUser } from "../../data/session.ts";
import { put, showChanged } from "../notes.ts";

/** States in a page: as many as the API gives. */
const PAGE = "100";
/** Texts that are kept: each can have 512 KiB. */
const KEPT = 6;

const kept = new Map<string, Revision>();
onOtherUser(() => {
  kept.clear();
});

/** A note's states, the newest first: the first is the present one. */
export function statesOf(noteId: string): Paged<RevisionSummary> {
  return new Paged<RevisionSummary>(
    async (cursor, signal) => {
      const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const param = { id: parseId(noteId) };
      const response = await api.notes[":id"].revisions.$get({ param, query }, { init: { signal } });
      const { revisions, ...page } = await response.json();
      return { rows: revisions, ...page };
    },
    ({ version }) => version,
  );
}

/** @throws Problem `not_found` */
export async function readState(noteId: string, version: number, signal: AbortSignal): Promise<Revision> {
  const key = `${noteId} ${version}`;
  const known = kept.get(key);
  if (known) return known;
  const param = { id: parseId(noteId), version: String(version) };
  const response = await api.notes[":id"].revisions[":version"].$get({ param }, { init: { signal } });
  const { revision } = await response.json();
  kept.set(key, revision);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return revision;
}

/** Gives a note the content of one of its states, as a new version. @throws Problem `not_found` */
export async function restoreState(noteId: string, version: number): Promise<Note> {
  const param = { id: parseId(noteId), version: String(version) };
  const response = await api.notes[":id"].revisions[":version"].restore.$post({ param });
  const { note } = await response.json();
  put(note);
  showChanged(note);
  return note;
}
