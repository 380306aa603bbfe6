// What the time machine reads, on PostgreSQL: at most one earlier state of each note, whatever their number.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Viewer } from "../src/db/viewer.ts";
import * as History from "../src/history/index.ts";
import { newUser, rows, startDatabase } from "./database.ts";
import { planOf, readFrom } from "./plan.ts";

const NOTES = 2000;
const STATES = 150;

let server: DataApiServer;
let viewer: Viewer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
  const user = await newUser();
  viewer = user.viewer;
  await rows(
    sql`update account set created_at = '2024-01-01', notes = ${NOTES}::int where id = ${user.userId}::uuid`,
  );
  await rows(sql`insert into note (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
    select ${user.userId}::uuid, gen_random_uuid(), 'Note ' || i, 'now', ${STATES + 1}::int, 'save', '', '2024-01-02', moment, moment
    from generate_series(1, ${NOTES}::int) i, lateral (select timestamptz '2026-01-01' + i * interval '1 s' as moment) t`);
  // A state each four days, from the note's beginning on.
  for (let first = 1; first <= STATES; first += 10) {
    await rows(sql`insert into revision (user_id, note_id, name, text, version, kind, updated_at, changed_at, bytes, hash)
      select n.user_id, n.id, n.name, 'state ' || v, v, 'save', moment, moment, 8, ''
      from note n, generate_series(${first}::int, ${first + 9}::int) v,
        lateral (select timestamptz '2024-01-02' + (v - 1) * interval '4 days' as moment) t`);
  }
  await rows(sql`analyze`);
});
afterAll(() => server?.close());

test.each([
  ["2024-06-01T00:00:00.000Z", "state 38"],
  ["2025-08-20T00:00:00.000Z", "state 150"],
])("a page of %s reads one earlier state a note", async (at, excerpt) => {
  const page = await History.list(viewer, { at, limit: 50 });
  expect([page.total, page.notes.length]).toEqual([NOTES, 50]);
  expect(new Set(page.notes.map((note) => note.excerpt))).toEqual(new Set([excerpt]));

  const plan = await planOf(() => History.list(viewer, { at, limit: 50, cursor: page.nextCursor ?? "" }));

  expect(readFrom(plan, "revision")).toBeLessThanOrEqual(NOTES);
  const scans = plan.filter((node) => node["Relation Name"] === "revision");
  expect(scans.map((node) => node["Index Name"])).toEqual(["revision_at"]);
});

test("a page of a time before the first note says when that was made", async () => {
  const before = await History.list(viewer, { at: "2024-01-01T12:00:00.000Z" });
  expect([before.total, before.firstAt]).toEqual([0, "2024-01-02T00:00:00.000Z"]);
  const then = await History.list(viewer, { at: "2024-01-02T00:00:00.000Z" });
  expect([then.total, then.firstAt]).toEqual([NOTES, null]);
});

test("a page of a time since the last change reads no earlier state", async () => {
  const plan = await planOf(() => History.list(viewer, { at: "2026-06-01T00:00:00.000Z", limit: 50 }));
  expect(readFrom(plan, "revision")).toBe(0);
});
