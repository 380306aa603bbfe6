// What the lists of tags read, on PostgreSQL: the user's notes with tags, each once, by their index.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Viewer } from "../src/db/viewer.ts";
import * as Note from "../src/note/index.ts";
import * as Places from "../src/places/index.ts";
import { newUser, rows, startDatabase } from "./database.ts";
import { type Plan, planOf, readFrom } from "./plan.ts";

const NOTES = 3000;
/** Of the notes of a user, those with tags. */
const TAGGED = NOTES / 3;

let server: DataApiServer;
let viewer: Viewer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
  for (let users = 0; users < 3; users++) {
    const user = await newUser();
    viewer = user.viewer;
    await rows(sql`insert into note (user_id, id, name, text, tags, version, kind, create_hash, created_at, updated_at, changed_at)
      select ${user.userId}::uuid, gen_random_uuid(), 'Note', 'text', case when i % 3 > 0 then '[]'::jsonb
          else jsonb_build_array('work/project/' || i % 10, 'work/meeting', 'tag-' || i % 100) end,
        1, 'create', '', moment, moment, moment
      from generate_series(1, ${NOTES}::int) i, lateral (select timestamptz '2026-01-01' + i * interval '1 s' as moment) t`);
  }
  await rows(sql`analyze`);
});
afterAll(() => server?.close());

/** The indexes of notes that were read. */
const indexesOf = (plan: Plan[]) =>
  plan.flatMap((node) => (node["Index Name"]?.startsWith("note") ? node["Index Name"] : []));

test.each(["work", "work/meeting", "tag-3", "nothing"])(
  "a page of the tag %s reads the notes with tags, by their index",
  async (tag) => {
    const plan = await planOf(() => Note.list(viewer, { tag, archived: "false", limit: 50 }));

    expect(new Set(indexesOf(plan))).toEqual(new Set(["note_tagged"]));
    expect(
      plan.filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] === "note"),
    ).toEqual([]);
    // For the page, and for the number of its notes.
    expect(readFrom(plan, "note")).toBeLessThanOrEqual(2 * TAGGED);
  },
);

test("the places read each note with tags once for all tags, and for what they are under", async () => {
  const { tags } = await Places.list(viewer);
  expect(tags.slice(0, 3)).toEqual([
    { name: "work", noteCount: TAGGED },
    { name: "work/meeting", noteCount: TAGGED },
    { name: "work/project", noteCount: TAGGED },
  ]);

  const plan = await planOf(() => Places.list(viewer));

  const tagged = plan.filter((node) => node["Index Name"] === "note_tagged");
  expect(tagged.map((node) => [node["Actual Loops"], node["Actual Rows"]])).toEqual([[1, TAGGED]]);
});
