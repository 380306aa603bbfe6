// The API suite of a revision: the tests that start the functions on a database and speak to them as the world does, through the
// API, the mails and the jobs. They run in a checkout, on the schema that the given migrations make.
import { cpSync, existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run.ts";

/** Where a revision has its migrations. */
export const MIGRATIONS = "packages/core/migrations";

/** These start the functions to test how the schema is made, and how bundles are. */
const NO_API_TESTS = /\/(?:migrate|bundle)\.test\.ts$/;

/** How many lines of a run that did not begin are shown. */
const LINES_SHOWN = 15;

export interface FailedTest {
  /** Its file, below the repository. */
  file: string;
  name: string;
  /** The first line of what it says. */
  why: string;
}

export interface SuiteOutcome {
  passed: number;
  failed: FailedTest[];
  /** Why no test ran, such as a migration that can't be applied; then nothing passed or failed. */
  fault?: string;
  seconds: number;
}

export interface SuiteOptions {
  /** Parts of paths: only the files that have one of them. Default: all files. */
  only?: readonly string[];
  /** Ends at the first failure. */
  bail?: boolean;
}

/** @returns the files of the suite, below the checkout */
export function filesOf(checkout: string, only: readonly string[] = []): string[] {
  return globSync("packages/functions/**/*.test.ts", { cwd: checkout, exclude: ["**/node_modules/**"] })
    .filter((file) => !NO_API_TESTS.test(file))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .filter((file) => /\bstartService\b/.test(readFileSync(join(checkout, file), "utf8")))
    .sort();
}

/** Runs the suite in `checkout` on the schema that `migrations` make: folders, of any revision. */
export async function runSuite(
  checkout: string,
  migrations: readonly string[],
  { only, bail = false }: SuiteOptions = {},
): Promise<SuiteOutcome> {
  const startedAt = performance.now();
  rmSync(join(checkout, MIGRATIONS), { recursive: true });
  for (const folder of migrations)
    cpSync(folder, join(checkout, MIGRATIONS, folder.slice(folder.lastIndexOf("/") + 1)), {
      recursive: true,
    });
  const report = join(checkout, "node_modules/api-suite.json");
  rmSync(report, { force: true });
  const flags = [
    "--project=functions",
    // On a busy machine a test may time out once.
    "--retry=1",
    "--reporter=json",
    `--outputFile=${report}`,
    ...(bail ? ["--bail=1"] : []),
  ];
  const { code, output } = await run("vitest", ["run", ...flags, ...filesOf(checkout, only)], {
    cwd: checkout,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const results: VitestResults | undefined = existsSync(report)
    ? JSON.parse(readFileSync(report, "utf8"))
    : undefined;
  const passed = results?.numPassedTests ?? 0;
  const failed = results ? failuresIn(results, checkout) : [];
  if (failed.length === 0 && (code !== 0 || passed === 0))
    return { passed: 0, failed, fault: output.trim().split("\n").slice(-LINES_SHOWN).join("\n"), seconds };
  return { passed, failed, seconds };
}

/** What Vitest's reporter "json" writes, as far as it is read. */
interface VitestResults {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

function failuresIn({ testResults }: VitestResults, checkout: string): FailedTest[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(`${checkout}/`, "");
    const failed = assertionResults.filter((test) => test.status === "failed");
    // A file also fails before its tests, as in what it does before all of them.
    if (failed.length === 0 && status === "failed")
      return [{ file, name: "its tests", why: firstLine(message) }];
    return failed.map(({ fullName, failureMessages }) => ({
      file,
      name: fullName,
      why: firstLine(failureMessages[0] ?? ""),
    }));
  });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
