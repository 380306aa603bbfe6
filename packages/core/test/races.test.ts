// Races between statements, on PostgreSQL 18: PGlite runs one statement at a time and hides them.
import { randomUUID } from "node:crypto";
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
} from "@aws-sdk/client-rds-data";
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import * as Account from "../src/account/index.ts";
import { migrate, readMigrations } from "../src/administration/migrate.ts";
import { config } from "../src/config.ts";
import { changeEach, changeOne } from "../src/db/change.ts";
import { IS_LIVE, TARGET_IS_LIVE } from "../src/db/change-statement.ts";
import { database } from "../src/db/client.ts";
import { once } from "../src/db/fingerprint.ts";
import { CHANGED_TOGETHER_MAX } from "../src/db/limits.ts";
import { type Viewer, viewerOf } from "../src/db/viewer.ts";
import { AppError } from "../src/errors.ts";
import * as Note from "../src/note/index.ts";
import * as Marks from "../src/note/marks.ts";
import type { Note as NoteInfo } from "../src/note/schema.ts";
import * as Selection from "../src/note/selection.ts";
import { notes } from "../src/note/versioned.ts";
import * as Pad from "../src/pad/index.ts";
import { PADS_MAX } from "../src/pad/limits.ts";
import * as PasswordReset from "../src/password-reset/index.ts";
import * as Revision from "../src/revision/index.ts";
import * as Search from "../src/search/index.ts";
import * as Session from "../src/session/index.ts";
import * as Trash from "../src/trash/index.ts";
import { asOwner, FROM, newUser, PASSWORD, rows, signedIn, startDatabase } from "./database.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
});
afterAll(() => server?.close());

/** With NOTEJAM_LONG_TESTS=1, the random races run four times as long as in the suite. */
const SCALE = process.env.NOTEJAM_LONG_TESTS ? 4 : 1;

/** Runs `round` `count` times, `lanes` at once. */
async function rounds(count: number, round: (i: number) => Promise<void>, lanes = 4): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) await round(next++);
    }),
  );
}

/** The result, or the AppError that it fails with. */
async function outcome<T>(of: Promise<T>): Promise<T | AppError> {
  try {
    return await of;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Waits until a statement of this database waits for a lock, or until `settled` has settled. */
async function waitsForLock(settled: Promise<unknown>): Promise<void> {
  let over = false;
  const end = () => {
    over = true;
  };
  void settled.then(end, end);
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitUntil(async () => over || (await rows(waiting)).length > 0, { timeout: 20_000, interval: 5 });
}

const refused = (outcome: unknown): outcome is AppError => outcome instanceof AppError;

test("of two clients that save on one base version, one wins each time, and the other gets the winner's state", async () => {
  const { viewer, email } = await newUser();
  const other = await signedIn(email);

  await rounds(250 * SCALE, async (i) => {
    const { note } = await Note.create(viewer, { name: `Round ${i}`, text: "base" });
    const saved = await Promise.all([
      outcome(Note.save(viewer, note.id, 1, { text: `mine ${i}` })),
      outcome(Note.save(other, note.id, 1, { text: `theirs ${i}` })),
    ]);

    const [loser] = saved.filter(refused);
    const [winner, ...more] = saved.filter((one) => !refused(one));
    expect(more).toEqual([]);
    expect(loser?.code).toBe("version_mismatch");
    expect(loser?.current).toEqual(winner);
  });
});

describe("creating and saving notes while their pad is deleted", () => {
  test("takes the accepted notes along and refuses the others, and restoring the pad restores exactly the accepted notes", async () => {
    const { viewer } = await newUser();

    await rounds(125 * SCALE, async (i) => {
      const { pad } = await Pad.create(viewer, { name: `Pad ${i}` });
      const { note } = await Note.create(viewer, { name: "Before", text: "first", padId: pad.id });
      const [saved, ...created] = await Promise.all([
        outcome(Note.save(viewer, note.id, 1, { text: "second" })),
        outcome(Note.create(viewer, { name: "A", text: "a", padId: pad.id })),
        outcome(Note.create(viewer, { name: "B", text: "b", padId: pad.id })),
        Pad.remove(viewer, pad.id),
      ]);

      const made = created.filter((one) => one !== undefined);
      for (const one of made) if (refused(one)) expect(one.fields).toEqual({ padId: expect.anything() });
      if (refused(saved)) expect(saved.code).toBe("not_found");

      const trashed = await Trash.list(viewer, { pad: pad.id });
      const accepted = [
        note.id,
        ...made.flatMap((one) => (one && !refused(one) ? [one.note.id] : [])),
      ].sort();
      expect(trashed.notes.map((one) => one.id).sort()).toEqual(accepted);
      for (const one of trashed.notes) expect(one.updatedAt <= one.deletedAt).toBe(true);

      await Pad.restore(viewer, pad.id);
      const back = await Note.list(viewer, { pad: pad.id });
      expect(back.notes.map((one) => one.id).sort()).toEqual(accepted);
      await Pad.remove(viewer, pad.id);
    });
  });

  /** Creates a note while its pad is being deleted and the pad's row is locked. */
  async function createDuringDeletion(
    viewer: Viewer,
    { again = false } = {},
  ): Promise<{ created: unknown; lateNotes: number }> {
    const { pad } = await Pad.create(viewer, { name: "Doomed" });
    const sent = { id: randomUUID(), name: "Late", text: "late", padId: pad.id };
    if (again) await Note.create(viewer, sent);
    const client = new RDSDataClient({});
    const { transactionId } = await client.send(new BeginTransactionCommand(config.database));
    const within = (statement: string) =>
      client.send(new ExecuteStatementCommand({ ...config.database, transactionId, sql: statement }));
    await within(`select id from pad where id = '${pad.id}' for no key update`);
    const creation = outcome(Note.create(viewer, sent));
    await waitsForLock(creation);
    await within(`update pad set deleted_at = now() where id = '${pad.id}'`);
    await client.send(new CommitTransactionCommand({ ...config.database, transactionId }));
    const created = await creation;
    const late =
      await rows(sql`select n.id from note n join pad p on p.user_id = n.user_id and p.id = n.pad_id
      where p.id = ${pad.id}::uuid and n.updated_at > p.deleted_at`);
    return { created, lateNotes: late.length };
  }

  test("waits for the deletion and is then refused", async () => {
    const { viewer } = await newUser();

    const { created, lateNotes } = await createDuringDeletion(viewer);

    expect(created).toMatchObject({ code: "invalid_input" });
    expect(lateNotes).toBe(0);
  });

  test("is told, if the note was created before, that it is in the trash", async () => {
    const { viewer } = await newUser();

    const { created } = await createDuringDeletion(viewer, { again: true });

    expect(created).toMatchObject({ code: "conflict" });
  });

  test("leaves a live note in a deleted pad if the pad is not locked for share", async () => {
    const { viewer } = await newUser();
    const send = RDSDataClient.prototype.send;
    const unlocked = vi.spyOn(RDSDataClient.prototype, "send").mockImplementation(function (
      this: RDSDataClient,
      ...args: unknown[]
    ) {
      const [command] = args as [{ input: { sql?: string } }];
      if (command.input.sql) command.input.sql = command.input.sql.replaceAll(/for share of \w+/g, "");
      return Reflect.apply(send, this, args);
    });

    const { lateNotes } = await createDuringDeletion(viewer);
    unlocked.mockRestore();

    expect(lateNotes).toBe(1);
  });
});

test("a session that is opened with the old password does not survive its change, nor does its device", async () => {
  const { email, userId, ...first } = await newUser();
  let { viewer } = first;
  let password = PASSWORD;
  let opened = 0;

  for (let i = 0; i < 30; i++) {
    const next = `password ${i}`;
    const change = { currentPassword: password, newPassword: next };
    const [token = "", ...signIns] = await Promise.all([
      Account.changePassword(viewer, change, FROM.device),
      ...Array.from({ length: 2 }, () => outcome(Session.signIn({ email, password }, FROM))),
    ]);
    password = next;
    viewer = viewerOf(token);
    const known = await rows(sql`select from device d join account a on a.id = d.user_id
      where a.id = ${userId}::uuid and coalesce(d.epoch, a.epoch) = a.epoch`);
    expect(known).toEqual([]);
    for (const signIn of signIns) {
      if (refused(signIn)) continue;
      opened++;
      expect(await outcome(Session.get(viewerOf(signIn.token)))).toMatchObject({ code: "unauthenticated" });
    }
    await rows(sql`delete from attempt`);
  }

  expect(opened).toBeGreaterThan(0);
  expect((await Session.list(viewer)).map((one) => one.current)).toEqual([true]);
});

test("a creation that is sent twice at once makes one note, and both answers have it", async () => {
  const { viewer } = await newUser();

  await rounds(200, async (i) => {
    const id = randomUUID();
    const sent = { id, name: `Twice ${i}`, text: "text" };
    const answers = await Promise.all([Note.create(viewer, sent), Note.create(viewer, sent)]);

    expect(answers.map((one) => one.created).sort()).toEqual([false, true]);
    expect(answers[0]?.note).toEqual(answers[1]?.note);
  });
});

test("a pad that is created twice at once is one pad, and counts once", async () => {
  const { viewer, userId } = await newUser();

  await rounds(50, async (i) => {
    const sent = { id: randomUUID(), name: `Twice ${i}` };
    const answers = await Promise.all([Pad.create(viewer, sent), Pad.create(viewer, sent)]);
    expect(answers.map((one) => one.created).sort()).toEqual([false, true]);
  });

  expect(await rows(sql`select pads from account where id = ${userId}::uuid`)).toEqual([{ pads: 50 }]);
});

test("of eight pads that are created at once at one below the limit, one is created", async () => {
  const { viewer, userId } = await newUser();
  await rows(sql`update account set pads = ${PADS_MAX - 1}::int where id = ${userId}::uuid`);

  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => outcome(Pad.create(viewer, { name: `Pad ${i}` }))),
  );

  expect(answers.filter((one) => !refused(one))).toHaveLength(1);
  expect(answers.filter(refused).map((one) => one.code)).toEqual(Array(7).fill("too_many_pads"));
  expect(await Pad.list(viewer)).toHaveLength(1);
});

test("of eight notes that are created at once at one below the limit, one is created, and each is counted once", async () => {
  const { viewer, userId } = await newUser();
  await rows(sql`update account set notes = ${config.notesPerAccount - 1}::int where id = ${userId}::uuid`);

  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => outcome(Note.create(viewer, { name: `Note ${i}`, text: "x" }))),
  );

  expect(answers.filter((one) => !refused(one))).toHaveLength(1);
  expect(answers.filter(refused).map((one) => one.code)).toEqual(Array(7).fill("quota_exceeded"));
  expect(await rows(sql`select notes from account where id = ${userId}::uuid`)).toEqual([
    { notes: config.notesPerAccount },
  ]);
});

test("what writers of one account write at once is counted once each, and no writers of two notes stop each other", async () => {
  const { viewer, userId } = await newUser();
  const pads = await Promise.all([0, 1].map((i) => Pad.create(viewer, { name: `Pad ${i}` })));
  const ids = Array.from({ length: 24 }, () => randomUUID());

  await rounds(
    120 * SCALE,
    async (i) => {
      const id = ids[i % ids.length] ?? "";
      const others = ids.filter((_, at) => (at + i) % 3 === 0);
      const padId = pads[i % 2]?.pad.id ?? null;
      if (i < ids.length) await Note.create(viewer, { id, name: `Note ${i}`, text: "x".repeat(i + 1) });
      else if (i % 3 === 0)
        await Selection.move(viewer, { notes: others.map((one) => ({ id: one, padId })) });
      else if (i % 3 === 1) await outcome(Note.save(viewer, id, 1 + (i % 4), { text: "y".repeat(i) }));
      else await Selection.remove(viewer, { ids: [id] }).then(() => Selection.restore(viewer, { ids: [id] }));
    },
    8,
  );

  const [counted] = await rows(
    sql`select sum(total)::int total from written where user_id = ${userId}::uuid`,
  );
  const [kept] =
    await rows(sql`select (select sum(octet_length(text)) from note where user_id = ${userId}::uuid)::int
    + (select sum(octet_length(text)) from revision where user_id = ${userId}::uuid)::int total`);
  expect(counted).toEqual(kept);
});

test("while two searches of a user run, a third is turned away, and lists and other users are not", async () => {
  const { viewer, userId } = await newUser();
  const { viewer: other } = await newUser();
  const search = (by: Viewer) => outcome(Note.list(by, { q: "milk" }));
  const held: unknown[] = [];

  await database("transactions").transaction(async (tx) => {
    for (const lock of [7_460_216, 7_460_217]) {
      await tx.execute(sql`select pg_advisory_xact_lock(${lock}::int, hashtext(${userId}::text))`);
      held.push(await search(viewer));
    }
    held.push(await search(other), await outcome(Note.list(viewer, {})));
    held.push(await outcome(Search.find(viewer, { q: "milk" })), await Search.find(viewer, { tag: "milk" }));
  });

  const none = { notes: [], total: 0 };
  const refusal = { code: "rate_limited", retryAfterSeconds: 1 };
  expect(held).toMatchObject([none, refusal, none, none, refusal, []]);
  expect(await search(viewer)).toMatchObject(none);
});

test("of many attempts at once, only as many as the limit allows check the password", async () => {
  const email = `${randomUUID()}@example.com`;

  const answers = await Promise.all(
    Array.from({ length: 40 }, () =>
      outcome(Session.signIn({ email, password: PASSWORD }, { ...FROM, address: "198.51.100.7" })),
    ),
  );

  const codes = answers.map((one) => (refused(one) ? one.code : "opened"));
  expect(codes.filter((code) => code === "wrong_credentials")).toHaveLength(
    config.rateLimits.perAccountAndAddress,
  );
  expect(codes.filter((code) => code === "rate_limited")).toHaveLength(
    40 - config.rateLimits.perAccountAndAddress,
  );
});

test("random changes by four clients, some sent twice, leave every version of a note without gaps", async () => {
  const { viewer, email } = await newUser();
  const clients = [viewer, await signedIn(email), await signedIn(email), await signedIn(email)];
  const { pad } = await Pad.create(viewer, { name: "Home" });
  const notes = await Promise.all(
    Array.from({ length: 3 }, async (_, i) => (await Note.create(viewer, { name: `N${i}`, text: "0" })).note),
  );
  const pick = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;

  const operation = async (client: Viewer, i: number): Promise<NoteInfo | undefined> => {
    const { id } = pick(notes);
    const current = await outcome(Note.get(client, id));
    const version = refused(current) ? 1 : current.note.version;
    switch (pick(["save", "save", "save", "move", "delete", "restore", "revert", "pad"] as const)) {
      case "save":
        return Note.save(client, id, version, { text: `text ${i}` });
      case "move":
        return Note.save(client, id, version, { padId: pick([pad.id, null]) });
      case "delete":
        await Note.remove(client, id);
        return undefined;
      case "restore":
        return Trash.restoreNote(client, id, { padId: null });
      case "revert":
        return Revision.restore(client, id, Math.max(1, version - 1));
      case "pad":
        await Pad.remove(client, pad.id);
        await Pad.restore(client, pad.id);
        return undefined;
    }
  };
  await rounds(150 * SCALE, async (i) => {
    const client = pick(clients);
    await Promise.all([
      outcome(operation(client, i)),
      ...(i % 3 === 0 ? [outcome(operation(client, i))] : []),
    ]);
  });

  for (const { id } of notes) {
    await Trash.restoreNote(viewer, id, { padId: null });
    const { version } = (await Note.get(viewer, id)).note;
    const archived = await rows<{ version: number }>(
      sql`select version from revision where note_id = ${id}::uuid order by version`,
    );
    expect(archived.map((one) => one.version)).toEqual(Array.from({ length: version - 1 }, (_, i) => i + 1));
  }
  const backwards = await rows(sql`select later.note_id from revision earlier join revision later
    on later.user_id = earlier.user_id and later.note_id = earlier.note_id and later.version = earlier.version + 1
    where later.changed_at <= earlier.changed_at or later.updated_at < earlier.updated_at`);
  expect(backwards).toEqual([]);
});

describe("changes of many notes at once", () => {
  /** Moves notes into a pad, deletes them or restores them, in the given order. */
  async function changeTogether(
    viewer: Viewer,
    ids: readonly string[],
    what: { padId: string | null } | { deleted: boolean },
  ) {
    const padId = "padId" in what ? what.padId : null;
    const input = ids.map((id) => ({ id, columns: sql`${padId}::uuid pad_id` }));
    return changeEach(viewer, notes, {
      kind: "save",
      hash: once(),
      input,
      ...("padId" in what
        ? {
            target: sql`input.pad_id`,
            set: { padId: sql`input.pad_id` },
            deleted: false,
            when: sql`${IS_LIVE} and ${TARGET_IS_LIVE}`,
          }
        : { set: {}, deleted: what.deleted, when: sql`true` }),
    });
  }

  const shuffled = <T>(of: readonly T[]) => of.toSorted(() => Math.random() - 0.5);

  test("name each note once, and not more of them than a statement may have", async () => {
    const { viewer } = await newUser();
    const { note } = await Note.create(viewer, { name: "Note", text: "text" });
    const many = Array.from({ length: CHANGED_TOGETHER_MAX + 1 }, () => randomUUID());

    await expect(changeTogether(viewer, [note.id, note.id.toUpperCase()], { deleted: true })).rejects.toThrow(
      "the same thing twice",
    );
    await expect(changeTogether(viewer, many, { deleted: true })).rejects.toThrow("over 100 things");
    expect(await changeTogether(viewer, [], { deleted: true })).toEqual(new Map());
  });

  test("are each made whole or not at all, and the answer has the locked state of each note", async () => {
    const { viewer } = await newUser();
    const { pad } = await Pad.create(viewer, { name: "Target" });
    const made = await Promise.all(
      Array.from({ length: CHANGED_TOGETHER_MAX - 1 }, (_, i) =>
        Note.create(viewer, { name: `Note ${i}`, text: "text" }),
      ),
    );
    const ids = made.map(({ note }) => note.id);
    await Note.remove(viewer, ids[0] ?? "");

    const outcomes = await changeTogether(viewer, [...ids, randomUUID()], { padId: pad.id });

    expect([...outcomes.keys()].sort()).toEqual(ids.toSorted());
    for (const [id, { thing, changed, wasLive }] of outcomes) {
      const deleted = id === ids[0];
      expect({ changed, wasLive, padId: thing.padId, version: thing.version }).toEqual({
        changed: !deleted,
        wasLive: !deleted,
        padId: deleted ? null : pad.id,
        version: 2,
      });
    }
    expect((await Note.list(viewer, { pad: pad.id })).total).toBe(CHANGED_TOGETHER_MAX - 2);
  });

  test("never deadlock with each other or with changes of their pads, and leave every version", async () => {
    const { viewer, email, userId } = await newUser();
    // With many notes in the table, PostgreSQL looks each one up by its id, in the given order.
    await rows(sql`insert into note (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
      select ${userId}::uuid, gen_random_uuid(), 'Another', 'text', 1, 'create', '', now(), now(), now()
      from generate_series(1, 5000)`);
    await rows(sql`analyze note`);
    const clients = [viewer, await signedIn(email), await signedIn(email), await signedIn(email)];
    const pads = await Promise.all(
      Array.from({ length: 3 }, async (_, i) => (await Pad.create(viewer, { name: `Pad ${i}` })).pad.id),
    );
    const ids = await Promise.all(
      Array.from({ length: 8 }, async (_, i) =>
        Note.create(viewer, { name: `Note ${i}`, text: "text", padId: pads[i % 3] }).then(
          ({ note }) => note.id,
        ),
      ),
    );
    const deadlocks = async () => {
      await rows(sql`select pg_stat_force_next_flush()`);
      return rows(sql`select deadlocks from pg_stat_database where datname = current_database()`);
    };
    const before = await deadlocks();

    await rounds(
      200,
      async (i) => {
        const client = clients[i % clients.length] as Viewer;
        const some = shuffled(ids).slice(0, 1 + (i % ids.length));
        const pad = pads[i % pads.length] as string;
        if (i % 5 === 0) await Pad.remove(client, pad).then(() => Pad.restore(client, pad));
        else if (i % 5 === 1) await changeTogether(client, some, { deleted: i % 2 === 0 });
        else await outcome(changeTogether(client, some, { padId: i % 7 === 0 ? null : pad }));
      },
      8,
    );

    expect(await deadlocks()).toEqual(before);
    const gaps = await rows(sql`select n.id from note n
      where n.id in (${sql.join(
        ids.map((id) => sql`${id}::uuid`),
        sql`, `,
      )})
        and n.version - 1 <> (select count(*) from revision r where r.user_id = n.user_id and r.note_id = n.id)`);
    expect(gaps).toEqual([]);
  });
});

test("notes that are marked while others save, move and delete them keep every mark and every version", async () => {
  const { viewer, email } = await newUser();
  const other = await signedIn(email);
  const { pad } = await Pad.create(viewer, { name: "Pad" });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++)
    ids.push((await Note.create(viewer, { name: `Note ${i}`, text: "text" })).note.id);
  const shuffled = () => ids.toSorted(() => Math.random() - 0.5);
  const times = new Set<string>();

  await rounds(60 * SCALE, async (i) => {
    const marked = await Marks.markEach(viewer, { ids: shuffled(), pinned: true });
    for (const one of marked) times.add(`${one.id} ${one.pinnedAt}`);
    const [one = "", two = ""] = shuffled();
    const present = await outcome(Note.get(other, one));
    const version = refused(present) ? 1 : present.note.version;
    await Promise.all([
      Marks.markEach(other, { ids: shuffled(), archived: i % 2 === 0 }),
      outcome(Note.save(other, one, version, { text: `text ${i}` })),
      Selection.move(viewer, { notes: shuffled().map((id) => ({ id, padId: i % 3 ? pad.id : null })) }),
      Selection.remove(viewer, { ids: [two] }).then(() => Selection.restore(viewer, { ids: [two] })),
    ]);
  });

  await Selection.restore(viewer, { ids });
  const { notes: now } = await Note.list(viewer, { pinned: "true" });
  expect(now.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  // The first mark of each note kept its time.
  expect(times.size).toBeLessThanOrEqual(ids.length);
  for (const { id, version } of now) {
    const [row] = await rows(sql`select count(*)::int n from revision where note_id = ${id}::uuid`);
    expect(row).toEqual({ n: version - 1 });
  }
});

test("going back to a version during a save is done or overtaken, and never refused as not found", async () => {
  const { viewer, email } = await newUser();
  const other = await signedIn(email);

  await rounds(100, async (i) => {
    const { note } = await Note.create(viewer, { name: `Round ${i}`, text: "first" });
    await Promise.all([
      Note.save(other, note.id, 1, { text: "second" }),
      outcome(Revision.restore(viewer, note.id, 1)).then((reverted) => expect(refused(reverted)).toBe(false)),
    ]);
  });
});

describe("a note that is moved into a pad that is newer than the statement that waits for it", () => {
  /** Locks the note until `waiting` waits for it, and moves it into a new pad before the lock ends. */
  async function movedMeanwhile<T>(
    viewer: Viewer,
    noteId: string,
    waiting: () => Promise<T>,
  ): Promise<T | AppError> {
    const client = new RDSDataClient({});
    const { transactionId } = await client.send(new BeginTransactionCommand(config.database));
    const within = (statement: string) =>
      client.send(new ExecuteStatementCommand({ ...config.database, transactionId, sql: statement }));
    await within(`select id from note where id = '${noteId}' for no key update`);
    const result = outcome(waiting());
    await waitsForLock(result);
    const { pad } = await Pad.create(viewer, { name: "Newer" });
    await within(`update note set pad_id = '${pad.id}', version = version + 1 where id = '${noteId}'`);
    await client.send(new CommitTransactionCommand({ ...config.database, transactionId }));
    return result;
  }

  async function noteOf(viewer: Viewer): Promise<string> {
    return (await Note.create(viewer, { name: "Name", text: "text" })).note.id;
  }

  test("is deleted by a deletion", async () => {
    const { viewer } = await newUser();
    const id = await noteOf(viewer);

    await movedMeanwhile(viewer, id, () => Note.remove(viewer, id));

    expect(await outcome(Note.get(viewer, id))).toMatchObject({ code: "not_found" });
  });

  test("is in the answer to a save that was based on the version before", async () => {
    const { viewer } = await newUser();
    const id = await noteOf(viewer);

    const saved = await movedMeanwhile(viewer, id, () => Note.save(viewer, id, 1, { text: "mine" }));

    expect(saved).toMatchObject({ code: "version_mismatch", current: { version: 2, text: "text" } });
  });

  test("stays in that pad when it is restored, because it is live", async () => {
    const { viewer } = await newUser();
    const id = await noteOf(viewer);

    const restored = await movedMeanwhile(viewer, id, () => Trash.restoreNote(viewer, id, { padId: null }));

    expect(restored).toMatchObject({ version: 2, padId: expect.any(String) });
  });
});

describe("a change that the SDK sends again after its answer was lost has no second effect", () => {
  /** Runs `change`, then `meanwhile`, and then sends the call of `change` again, as the SDK does. */
  async function sentAgain(change: () => Promise<unknown>, meanwhile: () => Promise<unknown>): Promise<void> {
    const send = RDSDataClient.prototype.send;
    const spied = vi.spyOn(RDSDataClient.prototype, "send").mockImplementationOnce(async function (
      this: RDSDataClient,
      ...args: unknown[]
    ) {
      await Reflect.apply(send, this, args);
      await meanwhile();
      return Reflect.apply(send, this, args);
    } as never);
    await change();
    spied.mockRestore();
  }

  test("a deletion, when the note was restored in between", async () => {
    const { viewer } = await newUser();
    const { note } = await Note.create(viewer, { name: "Name", text: "text" });

    await sentAgain(
      () => Note.remove(viewer, note.id),
      () => Trash.restoreNote(viewer, note.id, {}),
    );

    expect(await Note.get(viewer, note.id)).toMatchObject({ note: { version: 3 } });
  });

  test("a move of several notes, when they were moved back in between", async () => {
    const { viewer } = await newUser();
    const { pad } = await Pad.create(viewer, { name: "Target" });
    const made = [1, 2, 3].map((i) => Note.create(viewer, { name: `Note ${i}`, text: "text" }));
    const ids = (await Promise.all(made)).map(({ note }) => note.id);
    const into = (padId: string | null) => ({ notes: ids.map((id) => ({ id, padId })) });
    let answer: unknown;

    await sentAgain(
      async () => {
        answer = await Selection.move(viewer, into(pad.id));
      },
      () => Selection.move(viewer, into(null)),
    );

    expect(answer).toMatchObject(ids.map((id) => ({ id, padId: null, version: 3 })));
    expect((await Note.list(viewer, { pad: "none" })).notes.map(({ version }) => version)).toEqual([3, 3, 3]);
  });

  test("a deletion of several notes, when they were restored in between", async () => {
    const { viewer } = await newUser();
    const made = [1, 2].map((i) => Note.create(viewer, { name: `Note ${i}`, text: "text" }));
    const ids = (await Promise.all(made)).map(({ note }) => note.id);

    await sentAgain(
      () => Selection.remove(viewer, { ids }),
      () => Selection.restore(viewer, { ids }),
    );

    expect((await Note.list(viewer, {})).notes.map(({ version }) => version)).toEqual([3, 3]);
  });

  test("a deletion that is sent again while a restoration holds the note", async () => {
    const { viewer } = await newUser();
    const { note } = await Note.create(viewer, { name: "Name", text: "text" });
    const deletion = {
      kind: "delete",
      hash: once(),
      input: [{ id: note.id }],
      set: {},
      deleted: true,
      when: IS_LIVE,
    } as const;
    await changeOne(viewer, notes, deletion);
    const client = new RDSDataClient({});
    const { transactionId } = await client.send(new BeginTransactionCommand(config.database));
    const within = (statement: string) =>
      client.send(new ExecuteStatementCommand({ ...config.database, transactionId, sql: statement }));
    await within(`insert into revision (user_id, note_id, version, pad_id, name, text, bytes, hash, kind, save_hash,
        updated_at, changed_at, deleted_at)
      select user_id, id, version, pad_id, name, text, 4, '', kind, save_hash, updated_at, changed_at, deleted_at
      from note where id = '${note.id}' for no key update`);
    await within(`update note set version = version + 1, kind = 'restore', save_hash = null, deleted_at = null,
      changed_at = clock_timestamp() where id = '${note.id}'`);

    const again = changeOne(viewer, notes, deletion);
    await waitsForLock(again);
    await client.send(new CommitTransactionCommand({ ...config.database, transactionId }));

    expect(await again).toMatchObject({ repeated: true, changed: false });
    expect(await Note.get(viewer, note.id)).toMatchObject({ note: { version: 3 } });
  });

  test("going back to a version, when the note was saved in between", async () => {
    const { viewer } = await newUser();
    const { note } = await Note.create(viewer, { name: "Name", text: "first" });
    await Note.save(viewer, note.id, 1, { text: "second" });

    await sentAgain(
      () => Revision.restore(viewer, note.id, 1),
      () => Note.save(viewer, note.id, 3, { text: "important" }),
    );

    expect(await Note.get(viewer, note.id)).toMatchObject({ note: { version: 4, text: "important" } });
  });

  test("a pad's deletion, when the pad was restored in between", async () => {
    const { viewer } = await newUser();
    const { pad } = await Pad.create(viewer, { name: "Name" });

    await sentAgain(
      () => Pad.remove(viewer, pad.id),
      () => Pad.restore(viewer, pad.id),
    );

    expect(await Pad.get(viewer, pad.id)).toMatchObject({ version: 3 });
  });
});

test("a change of password that is sent twice at once is made once, and both answers say that it was made", async () => {
  const { viewer, email } = await newUser();
  const change = { currentPassword: PASSWORD, newPassword: "another password" };

  const tokens = await Promise.all([
    Account.changePassword(viewer, change, FROM.device),
    Account.changePassword(viewer, change, FROM.device),
  ]);

  // The answer that was made last has the token that counts; it also is the last one that a browser gets.
  const gets = await Promise.all(tokens.map((token = "") => outcome(Session.get(viewerOf(token)))));
  expect(gets).toContainEqual(expect.objectContaining({ email }));
  await expect(Session.get(viewer)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await outcome(Session.signIn({ email, password: "another password" }, FROM))).not.toBeInstanceOf(
    AppError,
  );
});

test("of sign-ups with one email at once, one makes the account, and opens its only session", async () => {
  await rounds(3 * SCALE, async () => {
    const input = { email: `${randomUUID()}@example.com`, password: PASSWORD };
    const signUps = await Promise.all(Array.from({ length: 4 }, () => outcome(Account.signUp(input, FROM))));

    const tokens = signUps.flatMap((one) => (refused(one) ? [] : one.token));
    expect(tokens).toHaveLength(1);
    expect(signUps.filter(refused).map(({ code }) => code)).toEqual(Array(3).fill("email_taken"));
    const sessions = await Session.list(viewerOf(tokens.join()));
    expect(sessions).toMatchObject([{ current: true }]);
  });
});

test("sign-ins at once in one browser, while its session changes the password, leave none of the sessions before", async () => {
  await rounds(12 * SCALE, async () => {
    const { viewer, email } = await newUser();
    const change = { currentPassword: PASSWORD, newPassword: "another password" };
    const others = await Promise.all([newUser(), newUser()]);
    const [token, ...signIns] = await Promise.all([
      outcome(Account.changePassword(viewer, change, FROM.device)),
      ...[email, ...others.map((other) => other.email)].map((email) =>
        outcome(Session.signIn({ email, password: PASSWORD }, { ...FROM, previous: viewer })),
      ),
    ]);

    expect(await outcome(Session.get(viewer))).toMatchObject({ code: "unauthenticated" });
    // The change was made before the first sign-in ended its session, or not at all.
    if (refused(token)) expect(token.code).toBe("unauthenticated");
    for (const [i, signIn] of signIns.slice(1).entries()) {
      if (refused(signIn)) throw signIn;
      expect(await Session.get(viewerOf(signIn.token))).toMatchObject({ email: others[i]?.email });
    }
  });
});

test("a link that is used twice at once with one password is used once, and both answers say that it was used and know the device", async () => {
  const { email, userId } = await newUser();
  const token = (await PasswordReset.issue({ email })) ?? "";
  const use = { token, password: "another password" };
  await rows(sql`delete from device where user_id = ${userId}::uuid`);

  await Promise.all([PasswordReset.redeem(use, FROM), PasswordReset.redeem(use, FROM)]);

  expect(await rows(sql`select from device where user_id = ${userId}::uuid`)).toHaveLength(2);
  expect(await rows(sql`select epoch from account where id = ${userId}::uuid`)).toEqual([{ epoch: 2 }]);
  expect(await outcome(Session.signIn({ email, password: "another password" }, FROM))).not.toBeInstanceOf(
    AppError,
  );
});

test("migrations that run twice at once are applied once", async () => {
  const migrations = readMigrations(new URL("../migrations/", import.meta.url));
  for (let i = 0; i < 4; i++) {
    const fresh = await startDatabase(inject("postgresUrl"), { migrated: false });
    const both = await asOwner(() => Promise.all([migrate(migrations), migrate(migrations)]));
    // They may take turns between two migrations, too.
    expect(both.flatMap((one) => one.applied).sort()).toEqual(migrations.map((one) => one.name));
    await fresh.close();
  }
});
