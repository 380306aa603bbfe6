// Changes of several notes at once, each one statement. Each note is judged by itself, and the answer says what happened: a
// note that is not there, or not the viewer's, is left out of it.
import { sql } from "drizzle-orm";
import { changeEach, type Outcome } from "../db/change.ts";
import { HOME_IS_LIVE, IS_LIVE } from "../db/change-statement.ts";
import { once } from "../db/fingerprint.ts";
import type { Viewer } from "../db/viewer.ts";
import { AppError, type FieldProblem } from "../errors.ts";
import { NO_SUCH_PAD } from "../pad/schema.ts";
import type { ChangedNote, MovedNote, MoveNotes, SelectNotes } from "./schema.ts";
import { notes, type shown } from "./versioned.ts";

type NoteOutcome = Outcome<typeof shown>;

/**
 * Moves live notes into pads, or out of any (null).
 * @returns the notes that are now where they were to go
 * @throws AppError `unauthenticated`, `invalid_input` naming `notes.N.padId` for each pad that is not live; then no note
 *   is moved
 */
export async function move(viewer: Viewer, { notes: moves }: MoveNotes): Promise<MovedNote[]> {
  const refused = sql`o.deleted_at is null and o.home_is_live and not o.target_is_live and not o.repeated`;
  const outcomes = await changeEach(viewer, notes, {
    kind: "save",
    hash: once(),
    input: moves.map(({ id, padId }) => ({ id, columns: sql`${padId}::uuid pad_id` })),
    target: sql`input.pad_id`,
    set: { padId: sql`input.pad_id` },
    deleted: false,
    when: sql`${IS_LIVE} and not exists (select 1 from old o where ${refused})`,
  });
  const problems = moves.flatMap(({ id }, i): [string, FieldProblem[]][] => {
    const outcome = outcomes.get(id);
    if (!outcome?.wasLive || outcome.targetIsLive || outcome.repeated) return [];
    return [[`notes.${i}.padId`, [{ code: "not_found", message: NO_SUCH_PAD }]]];
  });
  if (problems.length > 0) throw new AppError("invalid_input", { fields: Object.fromEntries(problems) });
  return answered(moves, outcomes, ({ wasLive, repeated }) => wasLive || repeated).map((thing) => ({
    ...changed(thing),
    padId: thing.padId,
    updatedAt: thing.updatedAt.toISOString(),
  }));
}

/**
 * Moves notes to the trash.
 * @returns the notes that are in the trash now, also those that were there already, by themselves or with their pads
 * @throws AppError `unauthenticated`
 */
export async function remove(viewer: Viewer, { ids }: SelectNotes): Promise<ChangedNote[]> {
  const input = ids.map((id) => ({ id }));
  const outcomes = await changeEach(viewer, notes, {
    kind: "delete",
    hash: once(),
    input,
    set: {},
    deleted: true,
    when: IS_LIVE,
  });
  return answered(input, outcomes, () => true).map(changed);
}

/**
 * Takes notes out of the trash, into the pads that they had.
 * @returns the notes that are live now, also those that were live already. A note whose pad is not live stays in the trash.
 * @throws AppError `unauthenticated`
 */
export async function restore(viewer: Viewer, { ids }: SelectNotes): Promise<ChangedNote[]> {
  const input = ids.map((id) => ({ id }));
  const outcomes = await changeEach(viewer, notes, {
    kind: "restore",
    hash: once(),
    input,
    set: {},
    deleted: false,
    when: sql`not ${IS_LIVE} and ${HOME_IS_LIVE}`,
  });
  return answered(input, outcomes, ({ changed, repeated, wasLive }) => changed || repeated || wasLive).map(
    changed,
  );
}

/** The notes that the answer names, in the order of the request. */
function answered(
  asked: { id: string }[],
  outcomes: Map<string, NoteOutcome>,
  isNamed: (outcome: NoteOutcome) => boolean,
): NoteOutcome["thing"][] {
  return asked.flatMap(({ id }) => {
    const outcome = outcomes.get(id);
    return outcome && isNamed(outcome) ? [outcome.thing] : [];
  });
}

function changed({ id, version }: NoteOutcome["thing"]): ChangedNote {
  return { id, version };
}
