// The one shape of a change to versioned things (versioned.ts): notes and pads. Saving, moving, deleting, restoring and going
// back to a version differ only in the next state. change-statement.ts has the statement; save.ts saves and deletes.
import type { SelectedFields } from "drizzle-orm/pg-core";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { AppError } from "../errors.ts";
import { recordChainLink } from "./calls.ts";
import { type Change, limitsOf, type Row, runChange } from "./change-statement.ts";
import { CHANGED_TOGETHER_MAX } from "./limits.ts";
import { deletedForEver } from "./purged.ts";
import { textOf } from "./text.ts";
import type { Versioned } from "./versioned.ts";
import type { Viewer } from "./viewer.ts";

/** How often a statement runs if its snapshot is older than the rows that it locked. A second run fails only in a new race. */
const TRIES = 8;

export interface Outcome<Shown extends SelectedFields> {
  /** The thing as it is now. */
  thing: SelectResultFields<Shown>;
  /** The text that `Change.text` selected, if it selected one. */
  text: string | undefined;
  /** Whether this call made a new version. */
  changed: boolean;
  /** Whether this change repeats one that was made before. */
  repeated: boolean;
  /** Whether it was live before this change. */
  wasLive: boolean;
  /** Whether the target is live; true without one. */
  targetIsLive: boolean;
  /** Whether `Change.meant` holds. */
  isMeant: boolean;
}

/**
 * Changes the viewer's things in `change.input`, at most CHANGED_TOGETHER_MAX. It is one statement, which judges each by itself.
 * @returns the outcome for each that exists, by id
 * @throws AppError `unauthenticated`, `unavailable` if others changed them faster than they could be read, what a limit refuses
 *   them with; RangeError for too many things, or the same one twice
 */
export async function changeEach<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  change: Change<Content>,
): Promise<Map<string, Outcome<Shown>>> {
  const ids = new Set(change.input.map(({ id }) => id.toLowerCase()));
  if (ids.size < change.input.length) throw new RangeError("A change names the same thing twice.");
  if (ids.size > CHANGED_TOGETHER_MAX)
    throw new RangeError(`A change names over ${CHANGED_TOGETHER_MAX} things.`);
  if (ids.size === 0) return new Map();
  return outcomesOf(versioned, await runUntilFresh(viewer, versioned, change));
}

/**
 * As `changeEach`, for one thing.
 * @throws AppError `not_found` if the viewer does not have it, with a `detail` if it was deleted for ever; what a limit
 *   refuses it with
 */
export async function changeOne<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  change: Change<Content>,
): Promise<Outcome<Shown>> {
  const rows = await runUntilFresh(viewer, versioned, change);
  const [outcome] = outcomesOf<Shown>(versioned, rows).values();
  if (outcome !== undefined) return outcome;
  throw rows[0]?.isPurged ? deletedForEver(versioned.noun) : new AppError("not_found");
}

async function runUntilFresh<Content extends string>(
  viewer: Viewer,
  versioned: Versioned<Content>,
  change: Change<Content>,
): Promise<Row[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const rows = await runChange(viewer, versioned, change);
    const forbiddenBy = rows.find((row) => row.forbiddenBy !== null)?.forbiddenBy;
    if (forbiddenBy != null) throw limitsOf(versioned, change)[forbiddenBy]?.refusal();
    if (rows.every((row) => !row.old?.stale)) return rows;
  }
  throw new AppError("unavailable", { retryAfterSeconds: 1 });
}

function outcomesOf<Shown extends SelectedFields>(
  { noun }: Versioned,
  rows: Row[],
): Map<string, Outcome<Shown>> {
  const byId = Map.groupBy(rows, (row) => row.old?.id);
  const outcomes = new Map<string, Outcome<Shown>>();
  for (const [id, [row, ...rest]] of byId) {
    if (id === undefined || !row?.old) continue;
    const {
      deletedAt,
      chainLink,
      homeIsLive,
      targetIsLive,
      repeated,
      stale: _,
      isMeant,
      ...before
    } = row.old;
    const { newChainLink = chainLink, ...after } = row.updated ?? {};
    const thing = { ...before, ...after };
    // Recorded even if nothing changed: perhaps the answer of the call that made the newest state was lost.
    if (newChainLink) recordChainLink(noun, id, thing.version, newChainLink);
    outcomes.set(id, {
      thing: thing as unknown as SelectResultFields<Shown>,
      text: row.bytes === null ? undefined : textOf([row, ...rest]),
      changed: row.updated !== null,
      repeated,
      wasLive: deletedAt === null && homeIsLive,
      targetIsLive,
      isMeant,
    });
  }
  return outcomes;
}
