// Checks through the API that no state of an account was changed or removed since it was written, and that its newest states
// are those that the log has.
import type { Api } from "@notejam/client";
import type { Verified } from "@notejam/core/history/schema";
import { each } from "./each.ts";
import type { Logged, LoggedState } from "./log-lines.ts";
import { unlessMissing } from "./missing.ts";
import { pages } from "./pages.ts";

export interface Verification {
  states: number;
  thinned: number;
  unlinked: number;
  differs: Verified["differs"];
  /** A note's newest link. */
  newest: Verified["newest"];
}

/**
 * Verifies a note, or all notes and pads of the account.
 * @param onProgress called with how many states were checked
 * @throws Problem `not_found` if the account does not have the note
 */
export async function verifyStates(
  api: Api,
  note: string | undefined,
  onProgress: (states: number) => void = () => undefined,
): Promise<Verification> {
  const found: Verification = { states: 0, thinned: 0, unlinked: 0, differs: null, newest: null };
  for await (const page of pages((cursor) => pageAt(api, note, cursor))) {
    found.states += page.states;
    found.thinned += page.thinned;
    found.unlinked += page.unlinked;
    found.differs = page.differs;
    found.newest = page.newest;
    onProgress(found.states);
  }
  return found;
}

function pageAt(api: Api, note: string | undefined, cursor: string | undefined) {
  const query = { cursor };
  return note === undefined
    ? api.history.verify.$get({ query })
    : api.notes[":id"].verify.$get({ param: { id: note }, query });
}

export interface LogComparison {
  /** Notes whose newest state is the log's, and those that have a later one. */
  same: number;
  later: number;
  /** Notes of the log that this account does not have: another's, or removed without a trace in the database. */
  absent: string[];
  /** Notes whose newest state is not the log's, with what is wrong. */
  differs: { note: string; problem: string }[];
}

/**
 * Compares each note's newest state with the newest one in the log.
 * @param only a note, or all of the log
 */
export async function compareWithLog(
  api: Api,
  { links, purged }: Logged,
  only: string | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<LogComparison> {
  const found: LogComparison = { same: 0, later: 0, absent: [], differs: [] };
  const gone = new Set(purged.map(({ id }) => id));
  const notes = [...links].filter(([id]) => (only === undefined ? !gone.has(id) : id === only));
  let done = 0;
  await each(notes, async ([note, logged]) => {
    const verified = await unlessMissing(verifyStates(api, note));
    if (verified === undefined) found.absent.push(note);
    else {
      const { newest } = verified;
      const problem = problemOf(logged, newest);
      if (problem !== undefined) found.differs.push({ note, problem });
      else if (newest && newest.version > logged.version) found.later++;
      else found.same++;
    }
    onProgress(++done, notes.length);
  });
  return found;
}

function problemOf(logged: LoggedState, newest: Verification["newest"]): string | undefined {
  if (newest === null) return `its states have no chain to version ${logged.version}, which the log has`;
  if (newest.version < logged.version)
    return `the log has version ${logged.version}, the database only ${newest.version}`;
  if (newest.version === logged.version && logged.links.some((link) => link !== newest.link))
    return `version ${logged.version} is not the one in the log`;
  return undefined;
}
