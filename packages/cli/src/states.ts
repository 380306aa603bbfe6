// A list of all states of an account, and its comparison with an account that was restored from a backup. Both go through the
// API, so they work with any service.
import { readFile, writeFile } from "node:fs/promises";
import type { Api } from "@notejam/client";
import { Failed } from "@notejam/command-line";
import { Id } from "@notejam/core/field/schema";
import { PAGE_MAX } from "@notejam/core/paging/schema";
import * as z from "zod/mini";
import { each } from "./each.ts";
import { unlessMissing } from "./missing.ts";
import { pages } from "./pages.ts";
import { verifyStates } from "./verify.ts";

export const StatesList = z.object({
  format: z.literal("notejam states 1"),
  /** Id of the account, and when its states were read. */
  account: Id,
  at: z.string(),
  notes: z.array(
    z.object({
      id: Id,
      version: z.int(),
      /** The link of its newest state; null from before there was a chain. */
      link: z.nullable(z.string()),
      /** The versions that have their content, with the SHA-256 of their texts. Those of a note in the trash are not read. */
      states: z.array(z.object({ version: z.int(), hash: z.string() })),
    }),
  ),
});
export type StatesList = z.infer<typeof StatesList>;

/** @throws Failed, or the system's error */
export async function readStates(path: string): Promise<StatesList> {
  const text = await readFile(path, "utf8");
  try {
    const list = StatesList.safeParse(JSON.parse(text));
    if (list.success) return list.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Failed(`${path} is not a list that npm run notes -- manifest wrote, or it is damaged.`);
}

/** Writes a new file. @throws the system's error, also if there is one of the name */
export async function writeStates(path: string, list: StatesList): Promise<void> {
  await writeFile(path, `${JSON.stringify(list)}\n`, { flag: "wx", mode: 0o600 });
}

export type OnProgress = (done: number, total: number) => void;

/** Lists all states of the account, those of notes in the trash by their newest one. */
export async function listStates(
  api: Api,
  account: string,
  onProgress: OnProgress = () => undefined,
): Promise<StatesList> {
  const at = new Date().toISOString();
  const ids = [...(await liveNotes(api)), ...(await trashedNotes(api))];
  const list: StatesList = { format: "notejam states 1", account, at, notes: [] };
  let done = 0;
  await each(new Set(ids), async (id) => {
    const { newest } = await verifyStates(api, id);
    const states = await statesOf(api, id);
    const version = newest?.version ?? states[0]?.version ?? 1;
    list.notes.push({ id, version, link: newest?.link ?? null, states });
    onProgress(++done, ids.length);
  });
  list.notes.sort((a, b) => (a.id < b.id ? -1 : 1));
  return list;
}

/** The ids of the live notes. */
export async function liveNotes(api: Api): Promise<string[]> {
  const query = { order: "name", limit: String(PAGE_MAX) } as const;
  const read = await Array.fromAsync(pages((cursor) => api.notes.$get({ query: { ...query, cursor } })));
  return read.flatMap(({ notes }) => notes.map(({ id }) => id));
}

/** Notes in the trash: by themselves, or with a pad. */
export async function trashedNotes(api: Api, pad?: string): Promise<string[]> {
  const ids: string[] = [];
  const query = { limit: String(PAGE_MAX), pad };
  for await (const page of pages((cursor) => api.trash.$get({ query: { ...query, cursor } }))) {
    ids.push(...page.notes.map(({ id }) => id));
    for (const { id } of page.pads) ids.push(...(await trashedNotes(api, id)));
  }
  return ids;
}

/** The states of a live note that still have their content, newest first. A note in the trash has none here. */
async function statesOf(api: Api, id: string): Promise<StatesList["notes"][number]["states"]> {
  const limit = String(PAGE_MAX);
  const { revisions } = api.notes[":id"];
  const read = pages((cursor) => revisions.$get({ param: { id }, query: { limit, cursor } }));
  const found = (await unlessMissing(Array.fromAsync(read))) ?? [];
  return found.flatMap((page) => page.revisions.map(({ version, hash }) => ({ version, hash })));
}

export interface Comparison {
  notes: number;
  /** States that are as they were, those whose content retention has emptied since, and those that can't be read in the trash. */
  same: number;
  thinned: number;
  unread: number;
  /** Notes that have states after those of the list. */
  later: number;
  /** Notes that were deleted for ever since, as the log says. */
  purged: number;
  /** What is lost or was changed, in words. */
  lost: { note: string; problem: string }[];
}

/**
 * Compares the account with a list of its states: each text by its hash, each note by its chain.
 * @param purged ids of notes that were deleted for ever since
 */
export async function compareStates(
  api: Api,
  list: StatesList,
  purged: ReadonlySet<string> = new Set(),
  onProgress: OnProgress = () => undefined,
): Promise<Comparison> {
  const found: Comparison = { notes: 0, same: 0, thinned: 0, unread: 0, later: 0, purged: 0, lost: [] };
  await each(list.notes, async (note) => {
    found.notes++;
    for (const problem of await problemsOf(api, note, purged, found))
      found.lost.push({ note: note.id, problem });
    onProgress(found.notes, list.notes.length);
  });
  return found;
}

async function problemsOf(
  api: Api,
  note: StatesList["notes"][number],
  purged: ReadonlySet<string>,
  counts: Comparison,
): Promise<string[]> {
  const there = await unlessMissing(verifyStates(api, note.id));
  if (!there && purged.has(note.id)) {
    counts.purged++;
    return [];
  }
  if (!there) return [`it is missing, with ${note.version} ${note.version === 1 ? "state" : "states"}`];
  if (there.differs) {
    const { version, problem } = there.differs;
    return [
      problem === "missing" ? `version ${version} is missing` : `version ${version} is not as it was written`,
    ];
  }
  const states = new Map((await statesOf(api, note.id)).map((one) => [one.version, one.hash]));
  const newest = there.newest?.version ?? Math.max(...states.keys(), 0);
  if (newest < note.version) return [`its versions ${newest + 1} to ${note.version} are missing`];
  if (newest > note.version) counts.later++;
  if (newest === note.version && note.link !== null && there.newest?.link !== note.link)
    return [`version ${note.version} is not the one in the list`];
  const problems: string[] = [];
  for (const { version, hash } of note.states) {
    const now = states.get(version);
    if (now === hash) counts.same++;
    else if (now !== undefined) problems.push(`the text of version ${version} was changed`);
    else if (states.size > 0) counts.thinned++;
    else counts.unread++;
  }
  return problems;
}
