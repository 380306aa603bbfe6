import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import { expect, test } from "vitest";
import { migrations, runChecks, tables } from "./quick.ts";

function check(name: string, code: number, output = "") {
  return { name, run: async () => ({ code, output }) };
}

test("a check that passes prints one line, and one that fails also prints its output", async () => {
  let printed = "";

  const counts = await runChecks([check("lint", 0, "noise"), check("types", 2, "a.ts: no\n")], (text) => {
    printed += text;
  });

  expect(printed).toMatch(/^✓ lint +[\d.]+ s\n✗ types +[\d.]+ s\na.ts: no\n\n$/);
  expect(counts).toEqual({ passed: 1, failed: 1 });
});

test("a table without a migration is found", async () => {
  // In node_modules, its imports resolve and other checks skip it.
  const copy = await mkdtemp(join(ROOT, "node_modules/.core-"));
  try {
    await cp(join(ROOT, "packages/core"), copy, { recursive: true });
    await writeFile(
      join(copy, "src/pad/forgotten.sql.ts"),
      'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const forgotten = pgTable("forgotten", { name: text() });\n',
    );

    const outcome = await tables(copy);

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("npm run migrations");
  } finally {
    await rm(copy, { recursive: true });
  }
});

/** What the check says about one migration. */
async function checked(sql: string) {
  const folder = await mkdtemp(join(tmpdir(), "notejam-planted-"));
  try {
    await mkdir(join(folder, "20990101000000_planted"));
    await writeFile(join(folder, "20990101000000_planted/migration.sql"), sql);
    return await migrations(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const CONTRACTION = "-- contraction: note.device; not needed since 1f2e3d4\n";

test.each([
  ['CREATE INDEX "n" ON "note" ("name");', "require-concurrent-index-creation"],
  ['ALTER TABLE "note" ADD CONSTRAINT "n" CHECK ("name" <> \'\');', "constraint-missing-not-valid"],
  [`${CONTRACTION}ALTER TABLE "note" ALTER COLUMN "name" SET DATA TYPE varchar(9);`, "changing-column-type"],
  [`${CONTRACTION}ALTER TABLE "note" ALTER COLUMN "device" SET NOT NULL;`, "adding-not-nullable-field"],
])("a migration that is unsafe on a busy database fails: %s", async (sql, rule) => {
  const { code, output } = await checked(sql);

  expect(code).toBe(1);
  expect(output).toContain(rule);
});

test.each([
  'ALTER TABLE "note" DROP COLUMN "device";',
  'DROP TABLE "device";',
  'ALTER TABLE "note" RENAME COLUMN "device" TO "browser";',
  'ALTER TABLE "note" RENAME TO "notes";',
  'ALTER TABLE "note" ALTER COLUMN "name" SET DATA TYPE varchar(9);',
  'ALTER TABLE "note" ALTER COLUMN "device" SET NOT NULL;',
  'ALTER TABLE "note" ALTER COLUMN "name" DROP NOT NULL;',
  'ALTER TABLE "note" ALTER COLUMN "tags" DROP DEFAULT;',
  'ALTER TABLE "note" ADD COLUMN "mood" text NOT NULL;',
  'ALTER TABLE "account" DROP CONSTRAINT "account_notes";',
  'ALTER TABLE "note" ADD CONSTRAINT "n" CHECK ("name" <> \'\') NOT VALID;',
  'ALTER TABLE "pad" ADD CONSTRAINT "p" FOREIGN KEY ("user_id") REFERENCES "account"("id") NOT VALID;',
  'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "n" ON "note" ("name");',
  "ALTER TYPE mood RENAME VALUE 'a' TO 'b';",
  'DROP TYPE "mood";',
  'REVOKE ALL ON "note" FROM "notejam_app";',
])(
  "a migration that takes something away must say so, also where squawk is told to ignore it: %s",
  async (sql) => {
    const ignoring = `-- squawk-ignore-file\n${sql}`;

    const { code, output } = await checked(ignoring);

    expect(code).toBe(1);
    expect(output).toContain("Line 2 of the migration 20990101000000_planted takes something away");
    expect(output).toContain(
      'begin the file with "-- contraction: <what it takes away>; not needed since <commit>"',
    );
    expect(await checked(`${CONTRACTION}${ignoring}`)).toMatchObject({ code: 0 });
  },
);

test.each([
  'ALTER TABLE "note" ADD COLUMN "mood" text;',
  'ALTER TABLE "note" ADD COLUMN "moods" integer DEFAULT 0 NOT NULL;',
  'CREATE TABLE "mood" ("name" text);--> statement-breakpoint\nCREATE UNIQUE INDEX "m" ON "mood" ("name");',
  '-- It does not drop table note.\nUPDATE "note" SET "name" = \'drop constraint; drop type\';',
  `-- The column is new.\nALTER TABLE "pad" ADD COLUMN "n" integer;--> statement-breakpoint
ALTER TABLE "pad" ADD CONSTRAINT "p" CHECK ("n" > 0) NOT VALID;`,
])("a migration that takes nothing away needs no word about it, and may have none: %s", async (sql) => {
  expect(await checked(sql)).toMatchObject({ code: 0 });

  const { code, output } = await checked(`${CONTRACTION}${sql}`);

  expect(code).toBe(1);
  expect(output).toContain("The migration 20990101000000_planted takes nothing away: remove its line");
});

test.each([
  "-- contraction: note.device",
  "--contraction: note.device; not needed since 1f2e3d4",
  "-- Contraction: x; not needed since yesterday",
  "-- contract: note.device; not needed since 1f2e3d4",
])("what a migration takes away is written in one way: %s", async (line) => {
  const { code, output } = await checked(`${line}\nALTER TABLE "note" DROP COLUMN "device";`);

  expect(code).toBe(1);
  expect(output).toContain('must be "-- contraction: <what it takes away>; not needed since <commit>"');
});
