// The races that the statements survive, on PostgreSQL 18: PGlite runs one statement at a time and hides them.
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
import { config } from "../src/config.ts";
import { database } from "../src/db/client.ts";
import { type Viewer, viewerOf } from "../src/db/viewer.ts";
import { AppError } from "../src/errors.ts";
import * as Note from "../src/note/index.ts";
import type { Note as NoteInfo } from "../src/note/schema.ts";
import * as Pad from "../src/pad/index.ts";
import { PADS_MAX } from "../src/pad/schema.ts";
import * as Revision from "../src/revision/index.ts";
import * as Session from "../src/session/index.ts";
import * as Trash from "../src/trash/index.ts";
import * as User from "../src/user/index.ts";
import { FROM, PASSWORD, rows, signedIn, somebody, startDatabase } from "./database.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
});
afterAll(() => server?.close());

/** Runs `round` so many times, a few at once. */
async function rounds(count: number, round: (i: number) => Promise<void>, lanes = 4): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) await round(next++);
    }),
  );
}

/** The outcome as a value: what it answers, or the code that it fails with. */
async function outcome<T>(of: Promise<T>): Promise<T | AppError> {
  try {
    return await of;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

const refused = (outcome: unknown): outcome is AppError => outcome instanceof AppError;

test("of two clients saving on one base version, one wins each time, and the other is told the winner's state", async () => {
  const { viewer, email } = await somebody();
  const other = await signedIn(email);

  await rounds(1000, async (i) => {
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
  test("takes along what was accepted, refuses the rest, and restoring the pad brings back exactly the accepted", async () => {
    const { viewer } = await somebody();

    await rounds(500, async (i) => {
      const { pad } = await Pad.create(viewer, { name: `Pad ${i}` }).catch(async () => {
        await forgetPads(viewer);
        return Pad.create(viewer, { name: `Pad ${i}` });
      });
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

      await Trash.restorePad(viewer, pad.id);
      const back = await Note.list(viewer, { pad: pad.id });
      expect(back.notes.map((one) => one.id).sort()).toEqual(accepted);
      await Pad.remove(viewer, pad.id);
    });
  });

  /** A pad is being deleted: its row is locked; what comes meanwhile waits for it, or does not. */
  async function createDuringDeletion(viewer: Viewer): Promise<{ created: unknown; lateInDeadPad: number }> {
    const { pad } = await Pad.create(viewer, { name: "Doomed" });
    const client = new RDSDataClient({});
    const { transactionId } = await client.send(new BeginTransactionCommand(config.database));
    const within = (statement: string) =>
      client.send(new ExecuteStatementCommand({ ...config.database, transactionId, sql: statement }));
    await within(`select id from pad where id = '${pad.id}' for no key update`);
    const creation = outcome(Note.create(viewer, { name: "Late", text: "late", padId: pad.id }));
    await Promise.race([creation, new Promise((resolve) => setTimeout(resolve, 300))]);
    await within(`update pad set deleted_at = now() where id = '${pad.id}'`);
    await client.send(new CommitTransactionCommand({ ...config.database, transactionId }));
    const created = await creation;
    const late =
      await rows(sql`select n.id from note n join pad p on p.user_id = n.user_id and p.id = n.pad_id
      where p.id = ${pad.id}::uuid and n.updated_at > p.deleted_at`);
    return { created, lateInDeadPad: late.length };
  }

  test("waits for the deletion and is then refused", async () => {
    const { viewer } = await somebody();

    const { created, lateInDeadPad } = await createDuringDeletion(viewer);

    expect(created).toMatchObject({ code: "invalid_input" });
    expect(lateInDeadPad).toBe(0);
  });

  test("leaves a living note in a dead pad where the pad is not locked for share", async () => {
    const { viewer } = await somebody();
    const send = RDSDataClient.prototype.send;
    const unlocked = vi.spyOn(RDSDataClient.prototype, "send").mockImplementation(function (
      this: RDSDataClient,
      ...args: unknown[]
    ) {
      const [command] = args as [{ input: { sql?: string } }];
      if (command.input.sql) command.input.sql = command.input.sql.replaceAll(/for share of \w+/g, "");
      return Reflect.apply(send, this, args);
    });

    const { lateInDeadPad } = await createDuringDeletion(viewer);
    unlocked.mockRestore();

    expect(lateInDeadPad).toBe(1);
  });

  /** An account has at most 1,000 pads, and this file makes more. */
  async function forgetPads(viewer: Viewer): Promise<void> {
    await database().execute(
      sql`update account set pads = 0 where id = (select user_id from session where token_hash = ${viewer}::bytea)`,
    );
  }
});

test("no session that is opened with the old password outlives its change", async () => {
  const { viewer, email } = await somebody();
  let password = PASSWORD;
  let opened = 0;

  for (let i = 0; i < 30; i++) {
    const next = `password ${i}`;
    const [, ...signIns] = await Promise.all([
      User.changePassword(viewer, { currentPassword: password, newPassword: next }, FROM),
      ...Array.from({ length: 2 }, () => outcome(Session.signIn({ email, password }, FROM))),
    ]);
    password = next;
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

test("one creation that is sent twice at once makes one note, answered as created and as the same", async () => {
  const { viewer } = await somebody();

  await rounds(200, async (i) => {
    const id = randomUUID();
    const sent = { id, name: `Twice ${i}`, text: "text" };
    const answers = await Promise.all([Note.create(viewer, sent), Note.create(viewer, sent)]);

    expect(answers.map((one) => one.created).sort()).toEqual([false, true]);
    expect(answers[0]?.note).toEqual(answers[1]?.note);
  });
});

test("one pad that is created twice at once is one pad, and counts once", async () => {
  const { viewer, userId } = await somebody();

  await rounds(50, async (i) => {
    const sent = { id: randomUUID(), name: `Twice ${i}` };
    const answers = await Promise.all([Pad.create(viewer, sent), Pad.create(viewer, sent)]);
    expect(answers.map((one) => one.created).sort()).toEqual([false, true]);
  });

  expect(await rows(sql`select pads from account where id = ${userId}::uuid`)).toEqual([{ pads: 50 }]);
});

test("of eight pads created at once at one below the limit, one is made", async () => {
  const { viewer, userId } = await somebody();
  await rows(sql`update account set pads = ${PADS_MAX - 1}::int where id = ${userId}::uuid`);

  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => outcome(Pad.create(viewer, { name: `Pad ${i}` }))),
  );

  expect(answers.filter((one) => !refused(one))).toHaveLength(1);
  expect(answers.filter(refused).map((one) => one.code)).toEqual(Array(7).fill("too_many_pads"));
  expect(await Pad.list(viewer)).toHaveLength(1);
});

test("of many attempts at once, as many as are allowed look at the password", async () => {
  const email = `${randomUUID()}@example.com`;

  const answers = await Promise.all(
    Array.from({ length: 40 }, () =>
      outcome(Session.signIn({ email, password: PASSWORD }, { ...FROM, address: "198.51.100.7" })),
    ),
  );

  const codes = answers.map((one) => (refused(one) ? one.code : "opened"));
  expect(codes.filter((code) => code === "wrong_credentials")).toHaveLength(
    config.attempts.perAccountAndAddress,
  );
  expect(codes.filter((code) => code === "rate_limited")).toHaveLength(
    40 - config.attempts.perAccountAndAddress,
  );
});

test("random changes by four clients, some sent twice, leave every version of a note, without a gap", async () => {
  const { viewer, email } = await somebody();
  const clients = [viewer, await signedIn(email), await signedIn(email), await signedIn(email)];
  const { pad } = await Pad.create(viewer, { name: "Home" });
  const notes = await Promise.all(
    Array.from({ length: 3 }, async (_, i) => (await Note.create(viewer, { name: `N${i}`, text: "0" })).note),
  );
  const pick = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;

  const operation = async (client: Viewer, i: number): Promise<NoteInfo | undefined> => {
    const { id } = pick(notes);
    const current = await outcome(Note.get(client, id));
    const version = refused(current) ? 1 : current.version;
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
        await Trash.restorePad(client, pad.id);
        return undefined;
    }
  };
  await rounds(600, async (i) => {
    const client = pick(clients);
    await Promise.all([
      outcome(operation(client, i)),
      ...(i % 3 === 0 ? [outcome(operation(client, i))] : []),
    ]);
  });

  for (const { id } of notes) {
    await Trash.restoreNote(viewer, id, { padId: null });
    const { version } = await Note.get(viewer, id);
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
