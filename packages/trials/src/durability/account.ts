// Reads an account through the API, whole: what there is now, all states of each note, and what there was at a time.
import { setTimeout as sleep } from "node:timers/promises";
import { each } from "@notejam/cli/each";
import { pages } from "@notejam/cli/pages";
import { liveNotes, trashedNotes } from "@notejam/cli/states";
import { type Verification, verifyStates } from "@notejam/cli/verify";
import type { Api } from "@notejam/client";
import type { PastNote } from "@notejam/core/history/schema";
import type { Note } from "@notejam/core/note/schema";
import { PAGE_MAX } from "@notejam/core/paging/schema";
import type { Revision } from "@notejam/core/revision/schema";
import type { Moment } from "./device.ts";

const LIMIT = String(PAGE_MAX);

/** The live notes with their texts, and the live pads, while nobody changes them. */
export async function momentOf(api: Api): Promise<Moment> {
  // Times have whole milliseconds, and a state may begin one later. So the moment lies well between what was done and what follows.
  await sleep(5);
  const at = new Date().toISOString();
  await sleep(5);
  const ids = await liveNotes(api);
  const notes = await each(ids, async (id): Promise<[string, Note]> => {
    return [id, (await (await api.notes[":id"].$get({ param: { id } })).json()).note];
  });
  const { pads } = await (await api.pads.$get()).json();
  return { at, notes: new Map(notes), pads: new Map(pads.map(({ id, name }) => [id, name])) };
}

/** The account as the time machine shows it. */
export async function pastOf(api: Api, at: string): Promise<{ notes: Past[]; pads: Moment["pads"] }> {
  const read = await Array.fromAsync(
    pages((cursor) => api.history.$get({ query: { at, limit: LIMIT, cursor } })),
  );
  const listed = read.flatMap(({ notes }) => notes);
  const notes = await each(listed, async (note) => {
    const response = await api.history.notes[":id"].$get({ param: { id: note.id }, query: { at } });
    return { ...note, ...(await response.json()).note };
  });
  const pads = read[0]?.pads ?? [];
  return { notes, pads: new Map(pads.map(({ id, name }) => [id, name])) };
}

type Past = PastNote & Pick<Note, "text">;

/** Where the notes were before everything was taken out of the trash. */
export interface Whereabouts {
  /** Live, or live once the pads were. */
  live: ReadonlySet<string>;
  /** In the trash. */
  trashed: ReadonlySet<string>;
}

/** Takes everything out of the trash, the pads first: only live notes show their states. */
export async function restoreEverything(api: Api): Promise<Whereabouts> {
  const trashed = new Set(await trashedNotes(api));
  const read = await Array.fromAsync(pages((cursor) => api.trash.$get({ query: { limit: LIMIT, cursor } })));
  const pads = read.flatMap((page) => page.pads);
  await each(pads, ({ id }) => api.trash.pads[":id"].restore.$post({ param: { id } }));
  const live = await liveNotes(api);
  await each(await trashedNotes(api), (id) =>
    api.trash.notes[":id"].restore.$post({ param: { id }, json: { padId: null } }),
  );
  return { live: new Set(live), trashed };
}

export interface History {
  id: string;
  note: Note;
  /** By version, with texts. */
  states: Map<number, Revision>;
  /** How many states the service says that there are. */
  total: number | null;
  /** What the service says of its chain. */
  verified: Verification;
}

/** The live notes with all their states. */
export async function historiesOf(api: Api): Promise<History[]> {
  const ids = await liveNotes(api);
  return await each(ids, async (id) => {
    const param = { id };
    const { note } = await (await api.notes[":id"].$get({ param })).json();
    const read = await Array.fromAsync(
      pages((cursor) => api.notes[":id"].revisions.$get({ param, query: { limit: LIMIT, cursor } })),
    );
    const states = new Map<number, Revision>();
    for (const { version } of read.flatMap(({ revisions }) => revisions)) {
      const one = { id, version: String(version) };
      const { revision } = await (await api.notes[":id"].revisions[":version"].$get({ param: one })).json();
      states.set(version, revision);
    }
    return { id, note, states, total: read[0]?.total ?? null, verified: await verifyStates(api, id) };
  });
}
