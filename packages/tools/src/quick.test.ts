import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Migration } from "@notejam/core/administration/migrate";
import { ROOT } from "@notejam/local/settings";
import { expect, test } from "vitest";
import { wrongContractions } from "./both-ways/contractions.ts";
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

const CONTRACTION = "-- contraction: note.device; not needed since 1f2e3d4\n";

/** Safe on a busy database; squawk reports nothing of them. */
const TAKES_AWAY = [
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
].map((sql) => `-- squawk-ignore-file\n${sql}`);
const ADDS = [
  'ALTER TABLE "note" ADD COLUMN "mood" text;',
  'ALTER TABLE "note" ADD COLUMN "moods" integer DEFAULT 0 NOT NULL;',
  'CREATE TABLE "mood" ("name" text);--> statement-breakpoint\nCREATE UNIQUE INDEX "m" ON "mood" ("name");',
  '-- It does not drop table note.\nUPDATE "note" SET "name" = \'drop constraint; drop type\';',
  `-- The column is new.\nALTER TABLE "pad" ADD COLUMN "n" integer;--> statement-breakpoint
ALTER TABLE "pad" ADD CONSTRAINT "p" CHECK ("n" > 0) NOT VALID;`,
];

/** A migration of its own for each text. */
function planted(texts: readonly string[]): Migration[] {
  return texts.map((sql, i) => ({ name: `2099010100${String(i).padStart(4, "0")}_planted`, sql }));
}

/** What the check says about migrations. */
async function checked(texts: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "notejam-planted-"));
  try {
    for (const { name, sql } of planted(texts)) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "migration.sql"), sql);
    }
    return await migrations(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  ['CREATE INDEX "n" ON "note" ("name");', "require-concurrent-index-creation"],
  ['ALTER TABLE "note" ADD CONSTRAINT "n" CHECK ("name" <> \'\');', "constraint-missing-not-valid"],
  [`${CONTRACTION}ALTER TABLE "note" ALTER COLUMN "name" SET DATA TYPE varchar(9);`, "changing-column-type"],
  [`${CONTRACTION}ALTER TABLE "note" ALTER COLUMN "device" SET NOT NULL;`, "adding-not-nullable-field"],
])("a migration that is unsafe on a busy database fails: %s", async (sql, rule) => {
  const { code, output } = await checked([sql]);

  expect(code).toBe(1);
  expect(output).toContain(rule);
});

test("a migration that takes something away must say so, also where squawk is told to ignore it", async () => {
  const migrations = planted(TAKES_AWAY);

  const sentences = await wrongContractions(migrations);

  for (const [i, { name, sql }] of migrations.entries()) {
    expect(sentences[i], sql).toContain(`Line 2 of the migration ${name} takes something away`);
    expect(sentences[i]).toContain(
      'begin the file with "-- contraction: <what it takes away>; not needed since <commit>"',
    );
  }
  expect(sentences).toHaveLength(TAKES_AWAY.length);
});

test("a migration that takes nothing away needs no word about it, and may have none", async () => {
  const migrations = planted(ADDS.map((sql) => CONTRACTION + sql));

  expect(await wrongContractions(migrations)).toEqual(
    migrations.map(
      ({ name }) => `The migration ${name} takes nothing away: remove its line "-- contraction".`,
    ),
  );
});

test("migrations pass that are safe, and that say what they take away", async () => {
  const texts = [...TAKES_AWAY.map((sql) => CONTRACTION + sql), ...ADDS];

  expect(await checked(texts)).toMatchObject({ code: 0 });
});

test("what a migration takes away is written in one way", async () => {
  const lines = [
    "-- contraction: note.device",
    "--contraction: note.device; not needed since 1f2e3d4",
    "-- Contraction: note.device; not needed since 1f2e3d4",
    "-- contraction: note.device; not needed since yesterday",
    "-- contract: note.device; not needed since 1f2e3d4",
  ];
  const texts = lines.map((line) => `${line}\nALTER TABLE "note" DROP COLUMN "device";`);

  const { code, output } = await checked(texts);

  expect(code).toBe(1);
  for (const { name } of planted(texts))
    expect(output).toContain(
      `migration ${name} must be "-- contraction: <what it takes away>; not needed since <commit>"`,
    );
});
