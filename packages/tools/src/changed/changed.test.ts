import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failed } from "@notejam/command-line";
import { ROOT } from "@notejam/local/settings";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../run.ts";
import { baseOf, changedSince, inWords, type Project, select } from "./changed.ts";
import { ABOUT, EVERYTHING, SERVICE, USES } from "./uses.ts";

const root = mkdtempSync(join(tmpdir(), "notejam-changed-"));
afterAll(() => rmSync(root, { recursive: true }));

const imports = (...paths: string[]) => paths.map((path) => `import "${path}";\n`).join("");
const FILES = {
  "packages/core/package.json": '{ "name": "@notejam/core", "exports": { "./*": "./src/*.ts" } }',
  "packages/core/src/note.ts": imports("./field.ts"),
  "packages/core/src/note.test.ts": imports("./note.ts"),
  "packages/core/src/field.ts": "",
  "packages/core/test/database.ts": 'readMigrations(new URL("../migrations/", import.meta.url));',
  "packages/core/test/races.test.ts": imports("./database.ts"),
  "packages/core/migrations/1_first/migration.sql": "",
  "packages/functions/package.json": '{ "name": "@notejam/functions" }',
  "packages/functions/src/api.ts": imports("@notejam/core/note"),
  "packages/functions/src/api.test.ts": 'spawn("packages/functions/src/build.ts");',
  "packages/functions/src/build.ts": "",
  [SERVICE]: "",
  "packages/tools/src/site-setup.ts": `spawn("${SERVICE}");`,
  "packages/web/src/notes/history/history.css": "",
  "packages/web/src/notes/history/history.tsx": imports("./history.css", "./worker.ts?worker"),
  "packages/web/src/notes/history/worker.ts": "",
  "packages/web/e2e/history.test.ts": "",
  "packages/web/e2e/past.test.ts": "",
  "packages/web/e2e/rounds.test.ts": "",
  "README.md": "",
};
const PROJECTS: Project[] = [
  { name: "core", include: ["packages/core/**/*.test.ts"] },
  { name: "functions", include: ["packages/functions/**/*.test.ts"] },
  {
    name: "e2e",
    include: ["packages/web/e2e/**/*.test.ts"],
    globalSetup: ["packages/tools/src/site-setup.ts"],
  },
];

beforeAll(() => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});

describe("a change reaches", () => {
  const reached = (...changed: string[]) => select(root, changed, PROJECTS).tests;
  const rounds = "packages/web/e2e/rounds.test.ts";

  test("the tests that import it, through other files and by a workspace's name", () => {
    expect(reached("packages/core/src/field.ts")).toEqual(["packages/core/src/note.test.ts", rounds]);
    expect(reached("packages/core/src/note.test.ts")).toEqual(["packages/core/src/note.test.ts"]);
  });

  test("the tests that name its path, or a folder of it", () => {
    expect(reached("packages/functions/src/build.ts")).toContain("packages/functions/src/api.test.ts");
    expect(reached("packages/core/migrations/2_second/migration.sql")).toContain(
      "packages/core/test/races.test.ts",
    );
  });

  test("of the tests that start the service, those that are about it", () => {
    const { tests, leftOut } = select(root, ["packages/web/src/notes/history/worker.ts"], PROJECTS);

    expect(tests).toEqual(["packages/web/e2e/history.test.ts", rounds]);
    expect(leftOut).toEqual(["packages/web/e2e/past.test.ts"]);
  });

  test("all tests, if they all depend on it", () => {
    const all = Object.keys(FILES).filter((path) => path.endsWith(".test.ts"));
    for (const file of EVERYTHING) expect(reached("README.md", file)).toEqual(all.sort());
  });
});

test("what is left out is said, with the reason", () => {
  const changed = ["README.md", "packages/web/src/notes/history/history.css"];

  expect(inWords("0123456789abcdef", changed, select(root, changed, PROJECTS))).toBe(`\
Since 0123456789, 2 files have changed, which reach 2 files of tests:
  packages/web/e2e/history.test.ts
  packages/web/e2e/rounds.test.ts
Left out: 1 that start the service, and are about other parts of it:
  packages/web/e2e/past.test.ts
No test uses README.md.
Not reached: core 2, functions 1 files of tests.
The checks are left out too (npm run check). On main, everything runs.
`);
});

describe("a change is", () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: root,
    });

  beforeAll(() => {
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git("commit", "--quiet", "--message=One");
    git("checkout", "--quiet", "-b", "work");
    rmSync(join(root, "packages/web/e2e/past.test.ts"));
    git("commit", "--quiet", "--all", "--message=Two");
    writeFileSync(join(root, "README.md"), "New words");
    writeFileSync(join(root, "packages/core/src/pad.ts"), "");
  });

  test("what differs from where the branch left main, committed or not, or from a commit", async () => {
    expect(await changedSince(root, await baseOf(root))).toEqual([
      "README.md",
      "packages/core/src/pad.ts",
      "packages/web/e2e/past.test.ts",
    ]);
    expect(await changedSince(root, await baseOf(root, "HEAD"))).toEqual([
      "README.md",
      "packages/core/src/pad.ts",
    ]);
  });

  test("refused with a sentence if there is nothing to compare with", async () => {
    await expect(baseOf(root, "v9")).rejects.toThrow(
      new Failed('There is no "v9" here to compare with: name a commit, as in --changed=HEAD~1.'),
    );
  });
});

describe("of this repository", () => {
  test("each path that is said to be used is there", () => {
    const used = Object.entries(USES).flat(2);
    const parts = Object.entries(ABOUT)
      .flat(2)
      .map((path) => `packages/${path}`);
    const named = [SERVICE, ...EVERYTHING, ...used, ...parts].filter((path) => !existsSync(join(ROOT, path)));
    expect(named).toEqual([]);
  });

  test("each browser test is about something, and each part of the web app has one", () => {
    const tests = globSync("packages/web/e2e/*.test.ts", { cwd: ROOT });
    expect(tests.filter((file) => !(file.replace("packages/", "") in ABOUT))).toEqual([]);
    const parts = new Set(Object.values(ABOUT).flat());
    const folders = readdirSync(join(ROOT, "packages/web/src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "notes")
      .map(({ name }) => `web/src/${name}/`);
    expect(folders.filter((folder) => !parts.has(folder))).toEqual([]);
  });

  test("npm test refuses a commit that is not here, and paths beside it", async () => {
    const program = join(ROOT, "packages/tools/src/test.ts");

    const unknown = await run(process.execPath, [program, "--changed=no-such-commit"]);
    expect(unknown).toEqual({ code: 1, output: expect.stringMatching(/^There is no "no-such-commit" here/) });
    const both = await run(process.execPath, [program, "e2e", "--changed"]);
    expect(both).toEqual({ code: 2, output: "--changed chooses the tests itself: give it alone.\n" });
  });
});
