import { randomUUID } from "node:crypto";
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { newUser, PASSWORD, rows, startDatabase } from "../../test/database.ts";
import * as History from "../history/index.ts";
import { verify } from "../history/verify.ts";
import * as Note from "../note/index.ts";
import { notes } from "../note/versioned.ts";
import { pads } from "../pad/index.ts";
import * as Revision from "../revision/index.ts";
import { purgeNote } from "../trash/purge.ts";
import { type BroughtState, bringIn } from "./bring-in.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

const on = (day: string) => new Date(`${day}T10:00:00Z`);

function state(day: string, text: string, more: Partial<BroughtState> & { padId?: string } = {}) {
  const { padId = null, ...rest } = more;
  return {
    kind: "save" as const,
    device: null,
    changedAt: on(day),
    updatedAt: on(day),
    deletedAt: null,
    ...rest,
    content: { padId, name: "Bread", named: true, text, tags: [], links: [] },
  };
}

test("a note comes with its past: its history, the time machine and the chain know it, and the account is as old", async () => {
  const { viewer, userId } = await newUser();
  const [id, padId] = [randomUUID(), randomUUID()];
  const made = { kind: "create" as const, device: "Firefox on Linux", deletedAt: null };
  const pad = {
    ...made,
    changedAt: on("2024-01-01"),
    updatedAt: on("2024-01-01"),
    content: { name: "Recipes" },
  };
  expect(await bringIn(userId, pads, padId, [pad])).toBe(true);
  const states = [
    state("2024-02-01", "one", { kind: "create", device: "Firefox on Linux" }),
    state("2025-03-01", "two", { described: { wordsAdded: 1, wordsRemoved: 1 } }),
    state("2026-05-01", "three", { padId }),
  ];

  expect(await bringIn(userId, notes, id, states, { pinnedAt: on("2026-05-02") })).toBe(true);

  const { note } = await Note.get(viewer, id);
  expect(note).toMatchObject({ text: "three", version: 3, padId, createdAt: on("2024-02-01").toISOString() });
  expect(note.pinnedAt).toBe(on("2026-05-02").toISOString());
  const { revisions } = await Revision.list(viewer, id, {});
  expect(revisions.map(({ version, device, words }) => [version, device, words])).toEqual([
    [3, null, null],
    [2, null, { added: 1, removed: 1 }],
    [1, "Firefox on Linux", null],
  ]);
  const then = await History.list(viewer, { at: on("2024-06-01").toISOString() });
  expect(then.notes.map((one) => one.excerpt)).toEqual(["one"]);
  expect(await verify(viewer, { note: id })).toMatchObject({ states: 3, unlinked: 0, differs: null });
  const [account] = await rows<{ notes: number; pads: number; created_at: string }>(
    sql`select notes, pads, created_at from account where id = ${userId}::uuid`,
  );
  expect(account).toMatchObject({ notes: 1, pads: 1 });
  expect(account?.created_at).toContain("2024-01-01 10:00:00");

  // It goes on as any other note does.
  const saved = await Note.save(viewer, id, 3, { text: "four" });
  expect(saved.version).toBe(4);
  expect(await verify(viewer, {})).toMatchObject({ differs: null });
});

test("what is there stays as it is, what was deleted for ever stays away, and a note does not come without its pad", async () => {
  const { viewer, userId } = await newUser();
  const [kept, purged] = [randomUUID(), randomUUID()];
  for (const id of [kept, purged]) await Note.create(viewer, { id, name: "Mine", text: "mine", padId: null });
  await Note.remove(viewer, purged);
  await purgeNote(viewer, purged, { password: PASSWORD });
  const lost = state("2025-01-01", "theirs", { kind: "create" });

  expect(await bringIn(userId, notes, kept, [lost])).toBe(false);
  expect(await bringIn(userId, notes, purged, [lost])).toBe(false);
  const homeless = state("2025-01-01", "theirs", { padId: randomUUID() });
  expect(await bringIn(userId, notes, randomUUID(), [homeless])).toBe(false);

  expect((await Note.list(viewer, {})).notes.map(({ name }) => name)).toEqual(["Mine"]);
  const [account] = await rows<{ notes: number }>(sql`select notes from account where id = ${userId}::uuid`);
  expect(account?.notes).toBe(1);
});
