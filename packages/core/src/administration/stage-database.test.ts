// The names that a stage has in PostgreSQL. What is made by them is tested through the provider (functions).
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { rows, startDatabase } from "../../test/database.ts";
import { isSharedStage } from "../stage-name.ts";
import { stageNamesOf } from "./stage-database.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

/** Names with few letters, which collide soonest, and PostgreSQL's own. */
const stages = fc
  .oneof(
    fc
      .array(fc.stringMatching(/^[a-c0-1]{1,3}$/), { minLength: 1, maxLength: 7 })
      .map((parts) => parts.join("-")),
    fc.constantFrom("public", "none", "postgres", "notejam", "user", "select", "owner", "a".repeat(30)),
  )
  .filter(isSharedStage);

test("no two stages share a name, and none is one of PostgreSQL's own", () => {
  fc.assert(
    fc.property(stages, stages, (one, other) => {
      const [ours, theirs] = [one, other].map((stage) => Object.values(stageNamesOf(stage)));
      if (one !== other) expect(ours?.filter((name) => theirs?.includes(name))).toEqual([]);
      const { database, application, owner } = stageNamesOf(one);
      expect([application === database, owner === database]).toEqual([true, false]);
      for (const name of [database, owner]) expect(name).toMatch(/^stage_[a-z0-9_]{1,57}$/);
      expect(isSharedStage(database)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("PostgreSQL takes each name without quotes, as it is", async () => {
  const names = fc.sample(stages, 300).flatMap((stage) => Object.values(stageNamesOf(stage)));

  const changed = await rows(sql`select name from unnest(string_to_array(${names.join()}, ',')) name
    where quote_ident(name) <> name or name::name::text <> name`);

  expect(changed).toEqual([]);
});

test.each([
  "production",
  "staging",
  "dev",
  "vault",
  "local",
  "prod",
  "a_b",
  "a--b",
  "a-",
  "",
  "A",
  'a"; drop database notejam; --',
  "a".repeat(31),
  "á",
])("%j has no database on the shared cluster", (name) => {
  expect(() => stageNamesOf(name)).toThrow("has no database on the shared cluster.");
});
