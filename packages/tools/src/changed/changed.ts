// `npm test -- --changed`: which tests a change reaches, and which it leaves out.
import { matchesGlob } from "node:path";
import { Failed } from "@notejam/command-line";
import type { ViteUserConfig } from "vitest/config";
import { run } from "../run.ts";
import { sourcesIn } from "../workspaces.ts";
import { type Importers, importersIn, reachedBy } from "./importers.ts";
import { ABOUT, EVERYTHING, SERVICE, USES } from "./uses.ts";

/** A project of vitest.config.ts, as far as it is read here. */
export interface Project {
  name: string;
  include: string[];
  exclude?: string[];
  globalSetup?: string | string[];
}

export interface Selection {
  /** The files of tests that run. */
  tests: string[];
  /** Tests that start the service and are about parts of it that have not changed. */
  leftOut: string[];
  /** How many others there are, by their projects. */
  unreached: Record<string, number>;
  /** A changed file for which all tests run. */
  everythingFor: string | undefined;
  /** Changed files that no test uses. */
  untested: string[];
}

/**
 * The commit where this branch left main; on main itself, the newest one that was pushed.
 * @param named compare with this one instead
 * @throws Failed
 */
export async function baseOf(root: string, named?: string): Promise<string> {
  const tried = named === undefined ? ["origin/main", "main"] : [named];
  for (const name of tried) {
    const args =
      named === undefined ? ["merge-base", "HEAD", name] : ["rev-parse", "--verify", `${name}^{commit}`];
    const { code, output } = await run("git", args, { cwd: root });
    if (code === 0) return output.trim();
  }
  const what = tried.map((name) => `"${name}"`).join(" and no ");
  throw new Failed(`There is no ${what} here to compare with: name a commit, as in --changed=HEAD~1.`);
}

/** @returns the files that were changed, added or removed since a commit, those that are not committed too */
export async function changedSince(root: string, commit: string): Promise<string[]> {
  const commands = [
    ["diff", "--name-only", "--no-renames", commit],
    ["ls-files", "--others", "--exclude-standard"],
  ];
  const outcomes = await Promise.all(commands.map((args) => run("git", args, { cwd: root })));
  for (const { code, output } of outcomes) if (code !== 0) throw new Failed(output.trim());
  return outcomes.flatMap(({ output }) => output.split("\n").filter((line) => line !== "")).sort();
}

/** @param config the default export of vitest.config.ts */
export function projectsOf(config: ViteUserConfig): Project[] {
  const projects = config.test?.projects ?? [];
  return projects.flatMap((project) =>
    typeof project === "object" && "test" in project && project.test ? [project.test as Project] : [],
  );
}

/** Chooses the tests that a change reaches. */
export function select(root: string, changed: readonly string[], projects: readonly Project[]): Selection {
  const files = sourcesIn(root);
  const projectOf = new Map<string, Project>();
  for (const project of projects)
    for (const file of files) if (isOf(project, file)) projectOf.set(file, project);
  const tests = [...projectOf.keys()];
  const everythingFor = changed.find((file) => EVERYTHING.includes(file));
  if (everythingFor) return { tests, leftOut: [], unreached: {}, everythingFor, untested: [] };

  const importers = importersIn(root, { ...USES, ...setUps(projectOf) });
  const reached = reachedBy(changed, importers, [SERVICE]);
  const started = reachedBy(changed, importers);
  const isReached = (test: string) => reached.has(test) || (started.has(test) && isAbout(test, changed));
  const unreached: Record<string, number> = {};
  for (const [test, { name }] of projectOf)
    if (!started.has(test)) unreached[name] = (unreached[name] ?? 0) + 1;
  return {
    tests: tests.filter(isReached),
    leftOut: tests.filter((test) => started.has(test) && !isReached(test)),
    unreached,
    everythingFor,
    untested: changed.filter((file) => !isUsed(file, importers, projectOf)),
  };
}

function isOf({ include, exclude = [] }: Project, file: string): boolean {
  return include.some((glob) => matchesGlob(file, glob)) && !exclude.some((glob) => matchesGlob(file, glob));
}

/** What Vitest runs before the tests of a file. */
function setUps(projectOf: ReadonlyMap<string, Project>): Record<string, string[]> {
  return Object.fromEntries(
    [...projectOf].map(([test, { globalSetup = [] }]) => [test, [globalSetup].flat()]),
  );
}

function isAbout(test: string, changed: readonly string[]): boolean {
  const folders = ABOUT[test.replace(/^packages\//, "")] ?? [];
  return changed.some((file) => folders.some((folder) => file.startsWith(`packages/${folder}`)));
}

function isUsed(file: string, importers: Importers, tests: ReadonlyMap<string, unknown>): boolean {
  return [...reachedBy([file], importers)].some((one) => tests.has(one));
}

/** What is run and what is not, and why. */
export function inWords(base: string, changed: readonly string[], selection: Selection): string {
  const { tests, leftOut, unreached, everythingFor, untested } = selection;
  const since = `Since ${base.slice(0, 10)}, ${changed.length} files have changed`;
  if (everythingFor) return `${since}. All tests run, because ${everythingFor} is one of them.\n`;
  const others = Object.entries(unreached).map(([project, count]) => `${project} ${count}`);
  return [
    `${since}, which reach ${tests.length} files of tests:`,
    ...tests.map((test) => `  ${test}`),
    ...(leftOut.length > 0
      ? [`Left out: ${leftOut.length} that start the service, and are about other parts of it:`]
      : []),
    ...leftOut.map((test) => `  ${test}`),
    ...(untested.length > 0 ? [`No test uses ${untested.join(", ")}.`] : []),
    ...(others.length > 0 ? [`Not reached: ${others.join(", ")} files of tests.`] : []),
    "The checks are left out too (npm run check). On main, everything runs.",
    "",
  ].join("\n");
}
