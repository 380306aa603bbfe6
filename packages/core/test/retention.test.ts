// What retention keeps, over years, and what its statements wait for: on PostgreSQL 18, where they run beside what users write. What
// they read is tested in retention-plans.test.ts, the jobs themselves in functions/src/jobs.
import { randomUUID } from "node:crypto";
import {
  BeginTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from "@aws-sdk/client-rds-data";
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { keepSize, lengthsAfter, unmeasured } from "../src/account/size.ts";
import { bringIn } from "../src/administration/bring-in.ts";
import { config } from "../src/config.ts";
import type { Kind } from "../src/db/kinds.ts";
import type { Viewer } from "../src/db/viewer.ts";
import type { Verified } from "../src/history/schema.ts";
import { verify } from "../src/history/verify.ts";
import * as Note from "../src/note/index.ts";
import { notes } from "../src/note/versioned.ts";
import * as Pad from "../src/pad/index.ts";
import { thin } from "../src/retention/index.ts";
import { KEPT_DAYS } from "../src/retention/limits.ts";
import { expireNotes, expirePads } from "../src/trash/expire.ts";
import * as Trash from "../src/trash/index.ts";
import { newUser, rows, startDatabase } from "./database.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Three years ago and a bit, so that what a test makes is all in the past. */
const BEGUN = Date.parse("2023-06-01T00:00:00Z");
/** With NOTEJAM_LONG_TESTS=1, there are more random histories. */
const RANDOM = process.env.NOTEJAM_LONG_TESTS
  ? { runs: 1000, timeout: 600_000 }
  : { runs: 30, timeout: 60_000 };

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
});
afterAll(() => server?.close());
beforeEach(async () => {
  for (const table of ["note", "pad", "account", "purged"]) await rows(sql.raw(`delete from ${table}`));
});

/** One state of a note: its version is its rank. */
interface State {
  /** In milliseconds since 1970. */
  changedAt: number;
  kind: string;
}

const deletes = ({ kind }: State) => kind === "delete";

/** Makes a note with these states, as its changes would have made them. @returns its id */
async function noteWith(userId: string, states: readonly State[]): Promise<string> {
  const id = randomUUID();
  const given = states.map((state, i) => {
    const at = new Date(state.changedAt);
    return {
      kind: state.kind as Kind,
      device: "Firefox on Linux",
      changedAt: at,
      updatedAt: at,
      deletedAt: deletes(state) ? at : null,
      content: { padId: null, name: "Name", named: true, text: `Text ${i + 1}`, tags: ["tag"], links: [] },
    };
  });
  expect(await bringIn(userId, notes, id, given)).toBe(true);
  return id;
}

/**
 * The rule, as the issue says it: all of the last hour; then of the states that were made within a minute, ten minutes or a day,
 * the last one, for 24 hours, 30 days, and 1,095 days after it was replaced; in full what is a decision of a person, and the
 * state before a deletion or a conflict.
 * @returns the versions whose content is there
 */
function keptAt(now: number, states: readonly State[]): number[] {
  return states.flatMap((state, i) => {
    const next = states[i + 1];
    if (!next || now < next.changedAt + HOUR) return [i + 1];
    if (["conflict", "import", "revert"].includes(state.kind)) return [i + 1];
    if (["delete", "conflict"].includes(next.kind)) return [i + 1];
    if (now >= next.changedAt + KEPT_DAYS * DAY) return [];
    const age = now - state.changedAt;
    const within = age < 24 * HOUR ? MINUTE : age < 30 * DAY ? 10 * MINUTE : DAY;
    const made = (one: State) => Math.floor(one.changedAt / within);
    return states.findLastIndex((one) => made(one) === made(state)) === i ? [i + 1] : [];
  });
}

/** The versions of a note that have their content, and those that have lost it. */
async function contents(id: string): Promise<{ kept: number[]; emptied: number[] }> {
  const found = await rows<{ version: number; kept: boolean; whole: boolean }>(
    sql`select version, thinned_at is null kept,
        (text = 'Text ' || version and name = 'Name' and tags <> '[]' and thinned_at is null)
        or (text = '' and name = '' and tags = '[]' and thinned_at is not null) whole
      from revision where note_id = ${id}::uuid order by version`,
  );
  expect(found.every(({ whole }) => whole)).toBe(true);
  const versions = (kept: boolean) => found.flatMap((one) => (one.kept === kept ? [one.version] : []));
  return { kept: versions(true), emptied: versions(false) };
}

/** Runs the job's step until it takes nothing. */
async function thinAll(now: number, atOnce = 1000): Promise<void> {
  while ((await thin(new Date(now), atOnce)).taken > 0);
}

/** Runs the steps that empty the trash until they take nothing. @returns how many things went */
async function expireAll(now: Date) {
  const gone = { notes: 0, pads: 0 };
  for (let taken = 1; taken > 0; ) {
    const [some, more] = [await expireNotes(now, 50), await expirePads(now, 50)];
    gone.notes += some.things;
    gone.pads += more.things;
    taken = some.taken + more.taken;
  }
  return gone;
}

/** Verifies all of an account. */
async function verifyAll(viewer: Viewer): Promise<Omit<Verified, "newest" | "nextCursor">> {
  const total = { states: 0, thinned: 0, unlinked: 0, differs: null as Verified["differs"] };
  let cursor: string | undefined;
  do {
    const page: Verified = await verify(viewer, { cursor });
    total.states += page.states;
    total.thinned += page.thinned;
    total.unlinked += page.unlinked;
    total.differs ??= page.differs;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return total;
}

/** Gaps between states: as one types, and as one comes back after hours, days and months. */
const gap = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 40_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 * MINUTE }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 30 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 * DAY }) },
);
const kind = fc.oneof(
  { weight: 12, arbitrary: fc.constant("save") },
  { weight: 3, arbitrary: fc.constantFrom("conflict", "import", "revert", "delete", "restore", "merge") },
);
const history = fc.array(fc.record({ gap, kind }), { minLength: 1, maxLength: 40 }).map((changes) => {
  let changedAt = BEGUN + 12_345;
  const states: State[] = [{ changedAt, kind: "create" }];
  for (const { gap, kind } of changes) {
    changedAt += gap;
    states.push({ changedAt, kind });
  }
  return states;
});
/** When the job runs, after the last state: most runs come soon, and some after years. */
const runs = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 3 * HOUR }),
      fc.integer({ min: 0, max: 40 * DAY }),
      fc.integer({ min: 0, max: (KEPT_DAYS + 40) * DAY }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((times) => times.sort((a, b) => a - b));

test("exactly what the rule says is kept, whenever the job ran before, and the chain can still be verified", {
  timeout: RANDOM.timeout,
}, async () => {
  const { viewer, userId } = await newUser();

  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 1, maxLength: 3 }),
      runs,
      fc.integer({ min: 1, max: 60 }),
      async (histories, times, atOnce) => {
        await rows(sql`delete from note`);
        const made = [];
        for (const states of histories) made.push({ states, id: await noteWith(userId, states) });
        const last = Math.max(...histories.flat().map((state) => state.changedAt));

        let thinned = 0;
        for (const time of times) {
          await thinAll(last + time, atOnce);
          thinned = 0;
          for (const { id, states } of made) {
            const { kept, emptied } = await contents(id);
            expect([...kept, states.length]).toEqual(keptAt(last + time, states));
            thinned += emptied.length;
          }
        }

        const states = histories.flat().length;
        expect(await verifyAll(viewer)).toEqual({ states, thinned, unlinked: 0, differs: null });
      },
    ),
    { seed: 20_261_126, numRuns: RANDOM.runs },
  );
});

test("a state that is changed in the database after it was thinned is named", async () => {
  const { viewer, userId } = await newUser();
  const states = Array.from({ length: 5 }, (_, i) => ({ changedAt: BEGUN + i, kind: i ? "save" : "create" }));
  const id = await noteWith(userId, states);
  await thinAll(BEGUN + DAY);
  await rows(sql`update revision set digest = sha256('other') where version = 3`);

  const { differs } = await verifyAll(viewer);

  expect(differs).toEqual({ kind: "note", id, version: 3, problem: "link" });
});

test("of the states of three years, all that the rule keeps are there, and the rest is as large as its formula says", async () => {
  const { userId } = await newUser();
  // Each hour of a day a burst of ten states within ten seconds, each 30th day.
  const states: State[] = [];
  for (let day = 0; day < KEPT_DAYS + 60; day += 30)
    for (let hour = 0; hour < 24; hour++)
      for (let i = 0; i < 10; i++)
        states.push({ changedAt: BEGUN + day * DAY + hour * HOUR + i * 1000, kind: "save" });
  const id = await noteWith(userId, states);
  const now = BEGUN + (KEPT_DAYS + 60) * DAY;

  await thinAll(now);

  const { kept } = await contents(id);
  expect([...kept, states.length]).toEqual(keptAt(now, states));
  // Of 39 days: two are over, one for each of 36, and one for each ten minutes of the last, of which one is the note.
  expect(kept.length).toBe(36 + 23);
});

test("storage grows by the formula of core's README: a text a day that was written on, until the oldest are three years old", async () => {
  const { userId } = await newUser();
  // Four states each day, of which the first two are of one minute.
  const TIMES = [9 * HOUR, 9 * HOUR + 20_000, 13 * HOUR, 17.5 * HOUR];
  const DAYS = KEPT_DAYS + 200;
  const states = Array.from({ length: DAYS }, (_, day) =>
    TIMES.map((time) => ({ changedAt: BEGUN + day * DAY + time, kind: "save" })),
  ).flat();
  await noteWith(userId, states);

  for (const days of [1, 10, 30, 31, 100, 500, KEPT_DAYS, KEPT_DAYS + 100]) {
    const now = new Date(BEGUN + days * DAY);
    await thinAll(now.getTime());

    // Those of a later time are not written yet.
    const then = sql`where user_id = ${userId}::uuid and changed_at < ${now.toISOString()}::timestamptz`;
    const [{ texts, bytes } = { texts: 0, bytes: 0 }] = await rows<{ texts: number; bytes: number }>(
      sql`select count(*) filter (where thinned_at is null)::int texts, sum(octet_length(text))::int bytes from revision ${then}`,
    );
    // The oldest one was replaced on the next day.
    const recent = Math.min(days, 30);
    const inDays = Math.min(days, KEPT_DAYS + 1) - recent;
    expect({ days, texts }).toEqual({ days, texts: 3 * recent + inDays });

    const measured = await lengthsAfter(userId, "revision", undefined);
    const later = await rows<{ bytes: number }>(
      sql`select coalesce(sum(bytes), 0)::int bytes from revision where changed_at >= ${now.toISOString()}::timestamptz`,
    );
    expect(measured.bytes - (later[0]?.bytes ?? 0)).toBe(bytes);
  }
});

describe("twice at once", () => {
  test("two runs of the thinning share the states between them, and end as one would", async () => {
    const { userId } = await newUser();
    const made: { id: string; states: State[] }[] = [];
    for (let n = 0; n < 10; n++) {
      const states = Array.from({ length: 300 }, (_, i) => ({ changedAt: BEGUN + i * 1000, kind: "save" }));
      made.push({ states, id: await noteWith(userId, states) });
    }
    const now = BEGUN + 2 * HOUR;
    let taken = 0;
    const run = async () => {
      for (let idle = 0; idle < 3; ) {
        const step = await thin(new Date(now), 37);
        taken += step.taken;
        idle = step.taken === 0 ? idle + 1 : 0;
      }
    };

    await Promise.all([run(), run(), run(), run()]);

    expect(taken).toBe(10 * 299);
    for (const { id, states } of made)
      expect([...(await contents(id)).kept, states.length]).toEqual(keptAt(now, states));
  });

  test("four runs that empty the trash delete each thing once, and count it once", async () => {
    const { viewer, userId } = await newUser();
    const { note: live } = await Note.create(viewer, { name: "Live", text: "text" });
    for (let i = 0; i < 30; i++) {
      const { pad } = await Pad.create(viewer, { name: `Pad ${i}` });
      for (let n = 0; n < 5; n++) await Note.create(viewer, { name: `${n}`, text: "text", padId: pad.id });
      await Pad.remove(viewer, pad.id);
    }
    const now = new Date(Date.now() + (KEPT_DAYS + 1) * DAY);

    const runs = await Promise.all(Array.from({ length: 4 }, () => expireAll(now)));
    runs.push(await expireAll(now));

    expect(runs.reduce((sum, { notes }) => sum + notes, 0)).toBe(150);
    expect(runs.reduce((sum, { pads }) => sum + pads, 0)).toBe(30);
    expect(await rows(sql`select notes, pads from account where id = ${userId}::uuid`)).toEqual([
      { notes: 1, pads: 0 },
    ]);
    expect(await rows(sql`select id from note`)).toEqual([{ id: live.id }]);
    expect(await rows(sql`select kind, count(*)::int n from purged group by 1 order by 1`)).toEqual([
      { kind: "note", n: 150 },
      { kind: "pad", n: 30 },
    ]);
  });
});

describe("while a user's statement holds its rows", () => {
  /** Runs `during` while a transaction has locked what `statement` locks. */
  async function locked(statement: string, during: () => Promise<void>): Promise<void> {
    const client = new RDSDataClient({});
    const { transactionId } = await client.send(new BeginTransactionCommand(config.database));
    await client.send(new ExecuteStatementCommand({ ...config.database, transactionId, sql: statement }));
    await during();
    const { resourceArn, secretArn } = config.database;
    await client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId }));
  }

  test("the thinning leaves those states for the next run", async () => {
    const { userId } = await newUser();
    const states = Array.from({ length: 9 }, (_, i) => ({ changedAt: BEGUN + i, kind: "save" }));
    await noteWith(userId, states);
    const now = new Date(BEGUN + DAY / 2);

    await locked("select 1 from revision where version <= 3 for update", async () => {
      expect(await thin(now, 100)).toEqual({ taken: 5, thinned: 5 });
    });

    expect(await thin(now, 100)).toEqual({ taken: 3, thinned: 3 });
  });

  test.each(["note", "account"])("the emptying of the trash passes over a locked %s", async (table) => {
    const { viewer } = await newUser();
    const { note } = await Note.create(viewer, { name: "Old", text: "text" });
    await Note.remove(viewer, note.id);
    const now = new Date(Date.now() + (KEPT_DAYS + 1) * DAY);

    await locked(`select 1 from ${table} for no key update`, async () => {
      expect(await expireNotes(now, 100)).toEqual({ taken: 0, things: 0 });
    });

    expect(await expireNotes(now, 100)).toEqual({ taken: 1, things: 0 });
    expect(await expireNotes(now, 100)).toEqual({ taken: 1, things: 1 });
  });

  test("the measuring leaves a locked account for the next run", async () => {
    const { userId } = await newUser();
    const now = new Date();

    await locked("select 1 from account for no key update", async () => {
      await keepSize(userId, 5, 0, now);
    });

    expect(await unmeasured(now, 10)).toEqual([userId]);
  });
});

test("a pad whose time is over stays, without its notes, while another of its notes is in the trash by itself for less long", async () => {
  const { viewer } = await newUser();
  const { pad } = await Pad.create(viewer, { name: "Doomed" });
  const { note: alone } = await Note.create(viewer, { name: "Alone", text: "text", padId: pad.id });
  const { note: along } = await Note.create(viewer, { name: "Along", text: "text", padId: pad.id });
  await Note.remove(viewer, alone.id);
  await Pad.remove(viewer, pad.id);
  await rows(sql`update pad set deleted_at = deleted_at - interval '10 days'`);
  const now = new Date(Date.now() + (KEPT_DAYS - 5) * DAY);

  expect(await expireAll(now)).toEqual({ notes: 1, pads: 0 });

  expect(await rows(sql`select id from note`)).toEqual([{ id: alone.id }]);
  expect(await rows(sql`select id from purged`)).toEqual([{ id: along.id }]);
  const back = await Trash.restoreNote(viewer, alone.id, { padId: null });
  expect([back.text, back.padId]).toEqual(["text", null]);
  expect(await expireAll(now)).toEqual({ notes: 0, pads: 1 });
  expect((await verifyAll(viewer)).differs).toBeNull();
});
