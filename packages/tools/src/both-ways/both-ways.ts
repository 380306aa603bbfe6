// Tries each migration that the previous release does not have, both ways: the previous release's API suite on the schema after
// it, and this release's on the schema without it. CONTRIBUTING.md, "Expand and contract", says what each way proves.
import { join } from "node:path";
import { Failed } from "@notejam/command-line";
import { type Contraction, contractionOf } from "@notejam/core/administration/contraction";
import type { Migration } from "@notejam/core/administration/migrate";
import { type FailedTest, filesOf, MIGRATIONS, runSuite, type SuiteOutcome } from "./api-suite.ts";
import { Checkouts, isIn, migrationsAt, nameOf, previousRelease } from "./revisions.ts";

const TESTS_SHOWN = 10;

/** A release in its checkout, and the tests of it that are to run. */
interface Release {
  name: "the previous release" | "this release";
  checkout: string;
  only: readonly string[];
  /** Outcomes of its suite by the migrations of the schema. The schema after one migration is the one without the next. */
  outcomes: Map<string, SuiteOutcome>;
}

/** One trial of a migration: a suite on the schema with it or without it. Folders of migrations make each schema. */
interface Trial {
  release: Release;
  migration: Migration;
  on: "after" | "without";
  schemas: { after: string[]; without: string[] };
}

type Say = (line: string) => void;

/**
 * @param base the previous release; default: `previousRelease`
 * @param only parts of paths: only the test files that have one of them
 * @param say prints a line
 * @returns whether each migration may be deployed
 * @throws Failed for what makes a trial impossible
 */
export async function tryBothWays(base: string | undefined, only: readonly string[], say: Say) {
  const previous = previousRelease(base);
  const checkouts = new Checkouts();
  process.once("exit", () => checkouts.remove());
  const present = checkouts.workingFolder();
  const known = migrationsAt(previous);
  const all = migrationsAt(present);
  expectFinal(known, all);
  const added = all.filter(({ name }) => known.every((one) => one.name !== name));
  for (const migration of added) expectDisused(migration, previous);
  say(`The previous release: ${nameOf(previous)}`);
  if (added.length === 0) say("No migration since then: there is nothing to try.");
  if (added.length === 0) return true;

  const release = (name: Release["name"], commit: string): Release => {
    const checkout = checkouts.of(name.replaceAll(" ", "-"), commit);
    if (filesOf(checkout, only).length === 0)
      throw new Failed(`--only names no file of the API suite of ${name}: ${only.join(", ")}.`);
    return { name, checkout, only, outcomes: new Map() };
  };
  const before = release("the previous release", previous);
  const now = release("this release", present);
  const kept = checkouts.keep(now.checkout, MIGRATIONS);
  const folders = (wanted: (migration: Migration) => boolean) =>
    all.filter(wanted).map(({ name }) => join(kept, name));
  for (const [index, migration] of added.entries()) {
    const later = new Set(added.slice(index + 1));
    const after = folders((one) => !later.has(one));
    const without = folders((one) => !later.has(one) && one !== migration);
    // The next migrations build on it.
    if (!(await passes({ release: before, migration, on: "after", schemas: { after, without } }, say)))
      return false;
  }
  for (const migration of added) {
    const schemas = { after: folders(() => true), without: folders((one) => one !== migration) };
    const trial: Trial = { release: now, migration, on: "without", schemas };
    if (contractionIn(migration) === undefined) await tell(trial, say);
    else if (!(await passes(trial, say))) return false;
  }
  return true;
}

/** A release may have applied its migrations, so they stay as they are, but for comments. @throws Failed */
function expectFinal(known: readonly Migration[], all: readonly Migration[]): void {
  const statements = (sql: string) => sql.replaceAll(/^--.*$/gm, "").trim();
  for (const { name, sql } of known) {
    const kept = all.find((one) => one.name === name);
    if (!kept || statements(kept.sql) !== statements(sql))
      throw new Failed(
        `The migration ${name} of the previous release was ${kept ? "changed" : "removed"}: restore it, and write another one.`,
      );
  }
}

/** Checks that the previous release does not use what a migration takes away. @throws Failed */
function expectDisused(migration: Migration, previous: string): void {
  const { what, since } = contractionIn(migration) ?? {};
  if (!what || !since) return;
  const isThere = isIn(since, previous);
  if (isThere) return;
  throw new Failed(
    isThere === undefined
      ? `The migration ${migration.name} names the commit ${since}, which is not here: correct it, or fetch the whole history.`
      : `The migration ${migration.name} takes ${what} away, which the previous release still uses: deploy ${since} first.`,
  );
}

/** @throws Failed */
function contractionIn(migration: Migration): Contraction | undefined {
  try {
    return contractionOf(migration);
  } catch (error) {
    throw new Failed((error as Error).message);
  }
}

/** Tries a migration. A test that fails on the other schema too is not counted. */
async function passes({ release, migration, on, schemas }: Trial, say: Say): Promise<boolean> {
  const outcome = await runSuite(release.checkout, schemas[on], { only: release.only });
  release.outcomes.set(schemas[on].join(), outcome);
  const isClean = outcome.failed.length === 0 && outcome.fault === undefined;
  const other = schemas[on === "after" ? "without" : "after"];
  const foreign = isClean ? [] : await failedOn(other, release, outcome, say);
  const failed = outcome.failed.filter((test) => !foreign.some((one) => isSame(one, test)));
  const isPassed = failed.length === 0 && outcome.fault === undefined;
  say(
    `${isPassed ? "✓" : "✗"} ${release.name} ${on} ${migration.name}: ${inFigures({ ...outcome, failed })}`,
  );
  for (const { file, name, why } of failed.slice(0, TESTS_SHOWN)) say(`    ${file}: ${name}\n      ${why}`);
  if (failed.length > TESTS_SHOWN) say(`    and ${failed.length - TESTS_SHOWN} more`);
  if (outcome.fault !== undefined) say(outcome.fault);
  if (failed.length < outcome.failed.length)
    say(`    ${outcome.failed.length - failed.length} fail with and without it, and do not count`);
  if (!isPassed) say(`${migration.name} must not be deployed: see CONTRIBUTING.md, "Expand and contract".`);
  return isPassed;
}

/** @returns those of the tests that fail on this schema as well @throws Failed if none can run on it either */
async function failedOn(schema: string[], release: Release, { failed }: SuiteOutcome, say: Say) {
  const files = failed.map(({ file }) => file);
  const control =
    release.outcomes.get(schema.join()) ??
    (await runSuite(release.checkout, schema, { only: files.length > 0 ? files : release.only }));
  if (control.fault === undefined) return control.failed;
  say(control.fault);
  throw new Failed(`The tests of ${release.name} can't run here: see above.`);
}

function isSame(a: FailedTest, b: FailedTest): boolean {
  return a.file === b.file && a.name === b.name;
}

/** Says whether a release can do without what a migration adds. It need not, since migrations come first. */
async function tell({ release, migration, schemas }: Trial, say: Say): Promise<void> {
  const outcome = await runSuite(release.checkout, schemas.without, { only: release.only, bail: true });
  const [first] = outcome.failed;
  const need =
    outcome.fault !== undefined
      ? "its migrations need it"
      : first
        ? `needs it (${first.file}: ${first.name})`
        : `works, ${inFigures(outcome)}`;
  say(`· ${release.name} without ${migration.name}: ${need}`);
}

function inFigures({ passed, failed, fault, seconds }: SuiteOutcome): string {
  if (fault !== undefined) return "no test ran";
  return `${passed} passed, ${failed.length} failed, ${seconds.toFixed(0)} s`;
}
