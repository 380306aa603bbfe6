// The functions as the next deployment may have them: another column, which their statements read and their answers have, and the
// migration that makes it. They are built from a copy of the sources, in which a test has written what a developer would.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type FunctionModules, modulesIn } from "@notejam/local/build";
import { ROOT } from "@notejam/local/settings";
import { borrowPackages } from "@notejam/stacks/rollback/packages";

/** The member of a note that only the next version answers. */
export const NEW_MEMBER = "mood";

/** Adds first, and removes nothing: it works with the code before it and with the code after it. */
const MIGRATION = {
  name: `99991231000000_${NEW_MEMBER}`,
  sql: [
    `alter table "note" add column "${NEW_MEMBER}" text;`,
    `create index "note_${NEW_MEMBER}" on "note" ("user_id", "${NEW_MEMBER}") where "${NEW_MEMBER}" is not null;`,
    `create table "${NEW_MEMBER}" ("name" text primary key);`,
  ],
};

/** What the developer has changed: in each file, one text by another. */
const CHANGES: Record<string, [before: string, after: string]> = {
  "core/src/note/note.sql.ts": [
    'archivedAt: moment("archived_at"),',
    `archivedAt: moment("archived_at"), ${NEW_MEMBER}: text("${NEW_MEMBER}"),`,
  ],
  "core/src/note/schema.ts": [
    "archivedAt: z.nullable(Time) }",
    `archivedAt: z.nullable(Time), ${NEW_MEMBER}: z.nullable(z.string()) }`,
  ],
};

export interface NextVersion {
  functions: FunctionModules;
  /** The names of its new migrations. */
  migrations: string[];
  remove(): Promise<void>;
}

/** @throws Error if the sources are no longer as `CHANGES` expects them, or do not build */
export async function buildNextVersion(): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), "notejam-next-"));
  const packages = join(folder, "packages");
  for (const name of ["core", "functions"])
    await cp(join(ROOT, "packages", name), join(packages, name), { recursive: true });
  borrowPackages(ROOT, folder);
  for (const [file, [before, after]] of Object.entries(CHANGES)) {
    const path = join(packages, file);
    const source = await readFile(path, "utf8");
    if (source.split(before).length !== 2) throw new Error(`packages/${file} does not have ${before} once.`);
    await writeFile(path, source.replace(before, after));
  }
  const migration = join(packages, "core/migrations", MIGRATION.name);
  await mkdir(migration);
  await writeFile(join(migration, "migration.sql"), MIGRATION.sql.join("--> statement-breakpoint\n"));
  const outDir = join(folder, "built");
  const build = pathToFileURL(join(packages, "functions/src/build.ts")).href;
  const program = `await (await import(${JSON.stringify(build)})).buildFunctions({ outDir: ${JSON.stringify(outDir)} })`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder });
  return {
    functions: modulesIn(outDir),
    migrations: [MIGRATION.name],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
