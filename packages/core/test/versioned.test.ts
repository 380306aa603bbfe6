// No content column can be forgotten. Each column of notes and pads is compared, archived, answered and restored, and tells
// repetitions apart. So does a column that is added to a scratch copy of their tables.
import { randomUUID } from "node:crypto";
import type { DataApiServer } from "@notejam/data-api";
import { getColumns, getTableName, sql } from "drizzle-orm";
import { bytea, integer, jsonb, type PgColumn, type PgTable, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { digestOf, STATE_DIGESTED } from "../src/db/chain.ts";
import { changeOne } from "../src/db/change.ts";
import { moment, state } from "../src/db/columns.ts";
import { create } from "../src/db/create.ts";
import { columnsOf, listOf } from "../src/db/cte.ts";
import { save } from "../src/db/save.ts";
import { withIsoTimes } from "../src/db/times.ts";
import { nameOf, parameterOf, type Versioned } from "../src/db/versioned.ts";
import type { Viewer } from "../src/db/viewer.ts";
import { noteContent, noteDescribed, noteUnversioned } from "../src/note/note.sql.ts";
import { notes, RESTORED } from "../src/note/versioned.ts";
import * as Pad from "../src/pad/index.ts";
import { padContent, padUnversioned } from "../src/pad/pad.sql.ts";
import * as Revision from "../src/revision/index.ts";
import { revisionRetained } from "../src/revision/revision.sql.ts";
import { newUser, rows, startDatabase } from "./database.ts";

let server: DataApiServer;
let viewer: Viewer;
let somePad: string;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
  for (const { table } of [scratchNotes, scratchPads]) await addColumns(table);
  ({ viewer } = await newUser());
  somePad = (await Pad.create(viewer, { name: "Some pad" })).pad.id;
});
afterAll(() => server?.close());

/** The columns that are added, one of each type that needs its own cast. */
const added = {
  addedText: text("added_text"),
  addedNumber: integer("added_number"),
  addedList: jsonb("added_list").$type<string[]>(),
};

/** A copy of a thing whose tables have the added columns, as its *.sql.ts would define them. */
function scratchOf(
  name: string,
  of: Versioned<string>,
  content: Record<string, never>,
  described: Record<string, never> = {},
) {
  const whole = { ...content, ...added };
  const table = pgTable(name, {
    userId: uuid("user_id"),
    id: uuid("id"),
    ...whole,
    ...state,
    ...described,
    createHash: bytea("create_hash"),
    createdAt: moment("created_at"),
  });
  const revisions = pgTable(`${name}_revision`, {
    userId: uuid("user_id"),
    [`${of.noun}Id`]: uuid(of.revisionOf),
    ...whole,
    ...state,
    ...described,
  });
  const { id, version, createdAt, updatedAt } = getColumns(table);
  const shown = { id, ...columnsOf(table, whole), version, createdAt, updatedAt };
  return {
    ...of,
    table,
    revisions,
    content: Object.keys(whole),
    shown,
    computed: undefined,
    serialize: (row: object, longText: string) => ({
      ...withIsoTimes(row),
      ...(of.longText && { [of.longText]: longText }),
    }),
  } as unknown as Versioned<string>;
}

const scratchNotes = scratchOf(
  "scratch_note",
  notes as unknown as Versioned<string>,
  noteContent as never,
  noteDescribed as never,
);
const scratchPads = scratchOf("scratch_pad", Pad.pads as unknown as Versioned<string>, padContent as never);

/** Creates a scratch thing's tables from those of the thing and the added columns. */
async function addColumns(table: PgTable) {
  const name = getTableName(table);
  const original = name.replace("scratch_", "");
  const earlier = original === "note" ? "revision" : "pad_revision";
  await rows(sql.raw(`create table ${name} (like ${original} including all)`));
  await rows(sql.raw(`create table ${name}_revision (like ${earlier} including all)`));
  for (const one of [name, `${name}_revision`]) {
    await rows(sql.raw(`alter table ${one} add added_text text, add added_number int, add added_list jsonb`));
  }
}

/** Two values for each type of column. */
const BY_TYPE: Record<string, [unknown, unknown]> = {
  text: ["one", "another"],
  integer: [1, 2],
  boolean: [true, false],
  jsonb: [
    ["a", "b"],
    ["b", "a"],
  ],
};

function typeOf(thing: Versioned<string>, key: string): string {
  return (getColumns(thing.table) as Record<string, PgColumn>)[key]?.getSQLType() ?? "";
}

/** Two values of a content column. */
function values(thing: Versioned<string>, key: string): [unknown, unknown] {
  if (key === "padId") return [null, somePad];
  const type = typeOf(thing, key);
  const pair = BY_TYPE[type];
  if (!pair) throw new Error(`Add two values of the type ${type} to this test.`);
  return pair;
}

const THINGS: [string, Versioned<string>][] = [
  ["notes", notes as unknown as Versioned<string>],
  ["pads", Pad.pads as unknown as Versioned<string>],
  ["a scratch copy of notes with more columns", scratchNotes],
  ["a scratch copy of pads with more columns", scratchPads],
];
const COLUMNS = THINGS.flatMap(([name, thing]) => thing.content.map((key) => ({ name, thing, key })));

/** A column's value as the test's statements read it: JSON comes as text. */
function readAs(thing: Versioned<string>, key: string, value: unknown): unknown {
  return typeOf(thing, key) === "jsonb" ? JSON.parse(String(value)) : value;
}

/** The content that creates a thing: the first value of each column. */
function firstValues(thing: Versioned<string>): Record<string, unknown> {
  return Object.fromEntries(thing.content.map((key) => [key, values(thing, key)[0]]));
}

type Known = Record<string, unknown> & { id: string; version: number };

async function make(thing: Versioned<string>, id: string = randomUUID()): Promise<Known> {
  return (await create(viewer, thing, { id, ...firstValues(thing) })).thing as Known;
}

/** The archived states of a thing, oldest first. */
async function archivedStates(thing: Versioned<string>, id: string) {
  return rows(
    sql`select * from ${thing.revisions} where ${sql.identifier(thing.revisionOf)} = ${id}::uuid order by version`,
  );
}

/** The columns that users do not change, of the tables of states and of revisions. */
const NAMED: [string, Versioned<string>, string[], string[]][] = [
  [
    "notes",
    notes as unknown as Versioned<string>,
    Object.keys(noteUnversioned),
    Object.keys(revisionRetained),
  ],
  ["pads", Pad.pads as unknown as Versioned<string>, Object.keys(padUnversioned), []],
];

test.each(NAMED)(
  "each column of %s is content, part of its state, or named as unversioned",
  (_, thing, unversioned, retained) => {
    const columnsIn = (table: PgTable) =>
      Object.entries(getColumns(table) as Record<string, PgColumn>)
        .filter(([, column]) => column.generated === undefined)
        .map(([key]) => key)
        .sort();
    const versioned = ["userId", ...thing.content, ...Object.keys(state), ...thing.described];
    const archived = [...Object.keys(thing.archived), ...retained];

    expect(columnsIn(thing.table)).toEqual(["id", ...versioned, ...unversioned].sort());
    expect(columnsIn(thing.revisions)).toEqual([`${thing.noun}Id`, ...versioned, ...archived].sort());
  },
);

describe.each(COLUMNS)("$key of $name", ({ thing, key }) => {
  const columnName = (of: string) =>
    (getColumns(thing.table) as Record<string, { name: string }>)[of]?.name ?? "";
  const storedIn = async ({ id }: Known) => {
    const [row] = await rows(sql`select * from ${thing.table} where id = ${id}::uuid`);
    return readAs(thing, key, row?.[columnName(key)]);
  };

  test("is stored as it was created and as it was saved, and so answered if it is shown", async () => {
    const [first, second] = values(thing, key);
    const isShown = key in thing.shown || key === thing.longText;
    const made = await make(thing);
    expect(await storedIn(made)).toEqual(first);

    const saved = (await save(viewer, thing, made.id, 1, { [key]: second })) as Known;

    expect(await storedIn(made)).toEqual(second);
    if (isShown) expect([made[key], saved[key]]).toEqual([first, second]);
  });

  test("is covered by the digest of its state, unless it follows from the others", async () => {
    const made = await make(thing);
    const others = [...STATE_DIGESTED, ...thing.content].filter((of) => of !== key);
    const digestAfter = async (value: unknown) => {
      const columns = others.map((of) => sql.identifier(columnName(of)));
      const [row] = await rows<{ digest: Uint8Array }>(
        sql`select ${digestOf(thing, (of) => sql`${sql.identifier(columnName(of))}`)} digest
          from (select ${listOf(columns)}, ${parameterOf(thing, key, value)} from ${thing.table} where id = ${made.id}::uuid) t`,
      );
      return Buffer.from(row?.digest ?? []).toString("hex");
    };
    const [first, second] = values(thing, key);

    expect((await digestAfter(first)) !== (await digestAfter(second))).toBe(!thing.derived.includes(key));
  });

  test("makes a version when it alone changes, and the state before is archived whole", async () => {
    const made = await make(thing);

    const saved = (await save(viewer, thing, made.id, 1, { [key]: values(thing, key)[1] })) as Known;

    expect(saved.version).toBe(2);
    // What a thing is in says nothing of what it says.
    expect(saved.updatedAt === made.updatedAt).toBe(key === thing.home?.key);
    const [archived, ...more] = await archivedStates(thing, made.id);
    expect(more).toEqual([]);
    for (const one of thing.content) {
      const before = values(thing, one)[0];
      expect(readAs(thing, one, archived?.[columnName(one)])).toEqual(before);
    }
  });

  test("makes no version when it is saved unchanged", async () => {
    const made = await make(thing);

    const saved = await save(viewer, thing, made.id, 1, { [key]: values(thing, key)[0] });

    expect(saved).toEqual(made);
    expect(await archivedStates(thing, made.id)).toEqual([]);
  });

  test("distinguishes a save from a repetition of another save", async () => {
    const made = await make(thing);
    const [first, second] = values(thing, key);
    const others = Object.fromEntries(
      thing.content.filter((one) => one !== key).map((one) => [one, values(thing, one)[1]]),
    );
    await save(viewer, thing, made.id, 1, { ...others, [key]: second });

    const different = save(viewer, thing, made.id, 1, { ...others, [key]: first });
    const repeated = save(viewer, thing, made.id, 1, { ...others, [key]: second });

    await expect(different).rejects.toMatchObject({ code: "version_mismatch" });
    expect(await repeated).toMatchObject({ version: 2 });
  });

  test("distinguishes a creation from a repetition of another creation", async () => {
    const id = randomUUID();
    const made = await make(thing, id);

    const repeated = await create(viewer, thing, { id, ...firstValues(thing) });
    const different = create(viewer, thing, { id, ...firstValues(thing), [key]: values(thing, key)[1] });

    expect(repeated).toEqual({ thing: made, created: false });
    await expect(different).rejects.toMatchObject({ code: "conflict" });
  });

  test("stays when other columns change, and when the thing is deleted and restored", async () => {
    const made = await make(thing);
    const other = thing.content.find((one) => one !== key && one !== "padId");
    if (other) await save(viewer, thing, made.id, 1, { [other]: values(thing, other)[1] });
    const hash = () => Buffer.from(randomUUID());
    const one = { input: [{ id: made.id }], set: {} };

    await changeOne(viewer, thing, { ...one, kind: "delete", hash: hash(), deleted: true, when: sql`true` });
    await changeOne(viewer, thing, {
      ...one,
      kind: "restore",
      hash: hash(),
      deleted: false,
      when: sql`true`,
    });

    expect(await storedIn(made)).toEqual(values(thing, key)[0]);
  });
});

test.each([
  ["notes", notes as unknown as Versioned<string>, scratchNotes],
  ["pads", Pad.pads as unknown as Versioned<string>, scratchPads],
])("states of %s from before a column was added keep their digests", async (_, thing, scratch) => {
  const made = await make(thing);
  const before = { ...scratch, content: thing.content };
  const valueFor = (key: string) =>
    key in added ? sql`null::${sql.raw(typeOf(scratch, key))}` : sql`t.${nameOf(thing, key)}`;
  const [digests] = await rows(
    sql`select encode(${digestOf(before, valueFor)}, 'hex') before, encode(${digestOf(scratch, valueFor)}, 'hex') now
      from ${thing.table} t where id = ${made.id}::uuid`,
  );
  expect(digests?.now).toBe(digests?.before);
});

// The pad is where a note is, not what it says.
test.each(RESTORED)("going back to a version of a note brings back its %s", async (key) => {
  const thing = notes as unknown as Versioned<string>;
  const made = await make(thing);
  await save(viewer, thing, made.id, 1, { [key]: values(thing, key)[1] });

  const back = (await Revision.restore(viewer, made.id, 1)) as unknown as Known;

  const [now] = await rows(sql`select * from note where id = ${made.id}::uuid`);
  const name = (getColumns(thing.table) as Record<string, PgColumn>)[key]?.name ?? "";
  expect([back.version, readAs(thing, key, now?.[name])]).toEqual([3, values(thing, key)[0]]);
});
