// Deleting for ever again, in a database that was restored: the test lets rows come back as a backup has them.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import type { Viewer } from "../src/db/viewer.ts";
import { verify } from "../src/history/verify.ts";
import * as Note from "../src/note/index.ts";
import * as Pad from "../src/pad/index.ts";
import { applyPurged } from "../src/trash/apply-purged.ts";
import * as Trash from "../src/trash/index.ts";
import { purgePad } from "../src/trash/purge.ts";
import { type PurgedThen, purgedIn } from "../src/trash/purged-log.ts";
import { newUser, PASSWORD, rows, startDatabase } from "./database.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

let viewer: Viewer;
let user: string;
beforeEach(async () => {
  for (const table of ["note", "pad", "account", "purged"]) await rows(sql.raw(`delete from ${table}`));
  ({ viewer, userId: user } = await newUser());
});

const HOUR = 3_600_000;
const later = () => new Date(Date.now() + HOUR);
const purged = (kind: "note" | "pad", id: string, at = later()): PurgedThen => ({ user, kind, id, at });

async function newNote(padId: string | null = null): Promise<string> {
  return (await Note.create(viewer, { name: "Note", text: "text", padId })).note.id;
}

async function verified() {
  const first = await verify(viewer, {});
  const second = await verify(viewer, { cursor: first.nextCursor ?? undefined });
  return [first.differs, second.differs];
}

const counted = () => rows(sql`select notes, pads from account`);

test("reads from the log what was deleted for ever, and passes over every other line", () => {
  const [id, other] = ["0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35", "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a36"];
  const things = [
    { thing: `note ${other}`, purged: true },
    { thing: `note ${id}`, version: 1, link: "00" },
  ];
  const line = { time: "2026-11-24T09:00:00.000Z", audit: { what: "DELETE", who: id, things } };
  const lines = [
    JSON.stringify(line),
    JSON.stringify({
      ...line,
      audit: { ...line.audit, things: [{ ...things[0], at: "2026-11-23T09:00:00.000Z" }] },
    }),
    '{"message":"\\"purged\\""}',
    '{"audit":{"things":[{"purged":"',
    "",
    '{"audit":{"things":3,"purged":1}}',
    JSON.stringify({ ...line, audit: { ...line.audit, who: null } }),
  ];

  expect(purgedIn(lines)).toEqual([
    { user: id, kind: "note", id: other, at: new Date("2026-11-24T09:00:00.000Z") },
    { user: id, kind: "note", id: other, at: new Date("2026-11-23T09:00:00.000Z") },
  ]);
});

test("deletes notes with all their states, remembers them, and deletes nothing the second time", async () => {
  const ids = [];
  for (let i = 0; i < 3; i++) ids.push(await newNote());
  await Note.save(viewer, ids[0] ?? "", 1, { text: "later" });
  const things = ids.slice(0, 2).map((id) => purged("note", id));

  expect(await applyPurged(things)).toEqual({ notes: 2, pads: 0 });

  expect(await rows(sql`select id from note`)).toEqual([{ id: ids[2] }]);
  expect(await rows(sql`select 1 from revision`)).toEqual([]);
  expect(await counted()).toEqual([{ notes: 1, pads: 0 }]);
  expect(await applyPurged(things)).toEqual({ notes: 0, pads: 0 });
  await expect(Note.create(viewer, { id: ids[0], name: "Again", text: "text" })).rejects.toMatchObject({
    detail: "This id belongs to a note that was deleted for ever.",
  });
});

test("keeps a note of the same id that is younger, and remembers one that the backup never had", async () => {
  const id = await newNote();
  const never = "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35";

  const applied = await applyPurged([purged("note", id, new Date(Date.now() - HOUR)), purged("note", never)]);

  expect(applied).toEqual({ notes: 0, pads: 0 });
  expect((await Note.get(viewer, id)).note.text).toBe("text");
  expect(await rows(sql`select id from purged`)).toEqual([{ id: never }]);
});

test("deletes nothing of another user", async () => {
  const id = await newNote();
  const other = await newUser();

  await applyPurged([{ user: other.userId, kind: "note", id, at: later() }]);

  expect((await Note.get(viewer, id)).note.text).toBe("text");
});

test("deletes a pad with the notes that went with it", async () => {
  const { pad } = await Pad.create(viewer, { name: "Doomed" });
  const id = await newNote(pad.id);
  await Pad.rename(viewer, pad.id, 1, { name: "Secret" });

  expect(await applyPurged([purged("pad", pad.id), purged("note", id)])).toEqual({ notes: 1, pads: 1 });

  expect(await rows(sql`select name from pad union all select name from pad_revision`)).toEqual([]);
  expect(await counted()).toEqual([{ notes: 0, pads: 0 }]);
});

test("lets a pad's other notes be restored, and says nothing of the pad any more", async () => {
  const { pad } = await Pad.create(viewer, { name: "Secret" });
  const [doomed, other] = [await newNote(pad.id), await newNote(pad.id)];
  await Pad.rename(viewer, pad.id, 1, { name: "Secret too" });

  const things = [purged("pad", pad.id), purged("note", doomed)];
  expect(await applyPurged(things)).toEqual({ notes: 1, pads: 1 });
  expect(await applyPurged(things)).toEqual({ notes: 0, pads: 0 });

  expect(await rows(sql`select name from pad union all select name from pad_revision`)).toEqual([
    { name: "" },
  ]);
  expect(await counted()).toEqual([{ notes: 1, pads: 0 }]);
  expect((await Trash.restoreNote(viewer, other, { padId: null })).text).toBe("text");
  expect(await verified()).toEqual([null, null]);
});

test("an account whose pad was deleted for ever verifies, also where the pad stays for a note in the trash", async () => {
  const { pad } = await Pad.create(viewer, { name: "Secret" });
  await Note.remove(viewer, await newNote(pad.id));
  await newNote(pad.id);
  await Pad.remove(viewer, pad.id);

  await purgePad(viewer, pad.id, { password: PASSWORD });

  expect(await rows(sql`select name from pad`)).toEqual([{ name: "" }]);
  expect(await verified()).toEqual([null, null]);
});
