// Saves versioned things, and moves them to the trash.
import { type SQL, sql } from "drizzle-orm";
import type { SelectedFields } from "drizzle-orm/pg-core";
import { AppError } from "../errors.ts";
import { changeOne } from "./change.ts";
import { IS_LIVE, TARGET_IS_LIVE } from "./change-statement.ts";
import { listOf } from "./cte.ts";
import { fingerprint, once } from "./fingerprint.ts";
import type { Kind } from "./kinds.ts";
import { type ContentValues, keysIn, type Limit, nameOf, parameterOf, type Versioned } from "./versioned.ts";
import type { Viewer } from "./viewer.ts";

export interface SaveOptions<Content extends string> {
  /** Content that is derived from the other. As in create.ts, a repetition is not recognised by it. */
  derived?: ContentValues<Content>;
  /** What kind of state it makes: a merge, or what was chosen in a conflict. */
  kind?: Kind | undefined;
  /** How it came about, by the keys of `described`. */
  described?: Readonly<Record<string, unknown>>;
  /** A limit of the account that forbids the save. */
  limit?: Limit | undefined;
}

/**
 * Saves some content; the rest stays. Equal content makes no new version, and a repeated save succeeds.
 * @param base the version that the save is based on
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the thing as it is now; what its home,
 *   `limit` or its budget refuses it with
 */
export async function save<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  id: string,
  base: number,
  content: ContentValues<Content>,
  { derived = {}, kind = "save", described = {}, limit }: SaveOptions<Content> = {},
): Promise<Thing> {
  const values: ContentValues<Content> = { ...content, ...derived };
  const keys = keysIn(versioned, values);
  const { longText, home } = versioned;
  const text = longText && (content[longText] as string | undefined);
  const outcome = await changeOne(viewer, versioned, {
    kind,
    hash: fingerprint({ base, ...(kind !== "save" && { kind }), ...content }),
    input: [
      {
        id,
        columns: listOf([
          sql`${base}::int base`,
          ...keys.map((key) => parameterOf(versioned, key, values[key])),
          ...versioned.described.map((key) => parameterOf(versioned, key, described[key] ?? null)),
        ]),
      },
    ],
    base: sql`input.base`,
    target: home && keys.includes(home.key) ? sql`input.${nameOf(versioned, home.key)}` : undefined,
    set: Object.fromEntries(keys.map((key) => [key, sql`input.${nameOf(versioned, key)}`])) as Partial<
      Record<Content, SQL>
    >,
    described: Object.fromEntries(
      versioned.described.map((key) => [key, sql`input.${nameOf(versioned, key)}`]),
    ),
    deleted: false,
    limit,
    when: sql`old.version = input.base and ${IS_LIVE} and ${TARGET_IS_LIVE}`,
    text: longText && textOfAnswer(nameOf(versioned, longText), text !== undefined),
  });
  if (!outcome.wasLive) throw new AppError("not_found");
  const saved = outcome.changed || outcome.repeated;
  const mismatch = !saved && (outcome.thing as { version: number }).version !== base;
  const now = versioned.serialize(
    outcome.thing,
    (text === undefined || mismatch ? outcome.text : text) ?? "",
  );
  if (mismatch) throw new AppError("version_mismatch", { current: now });
  if (!saved && home && !outcome.targetIsLive) throw home.missing();
  return now;
}

/**
 * Moves a thing to the trash. If it is there already, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function remove<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  id: string,
): Promise<void> {
  await changeOne(viewer, versioned, {
    kind: "delete",
    hash: once(),
    input: [{ id }],
    set: {},
    deleted: true,
    when: IS_LIVE,
  });
}

/** The text that a save answers with. It is the one that was sent, unless another save came first. */
function textOfAnswer(text: SQL, isSent: boolean): SQL {
  if (!isSent) return sql`select old.${text} as text from old`;
  return sql`select old.${text} as text from old, input where old.version <> input.base and not old.repeated`;
}
