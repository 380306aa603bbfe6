// `npm run migrations:both-ways` in a repository with these sources, where a previous release is committed and migrations are
// planted after it.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import { borrowPackages } from "@notejam/stacks/rollback/packages";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { run } from "../run.ts";

const COPIED = ["packages", "stacks", "package.json", "vitest.config.ts", "tsconfig.json", ".gitignore"];
const LEFT_OUT = new Set(["node_modules", "dist", ".build", "screenshots"]);

/** A short test of the API in place of the suite. */
const TEST_FILE = "packages/functions/test/planted.test.ts";
const TEST = `import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser, type Service, startService } from "./service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

test("a user signs in", async () => {
  expect((await (await newUser(service)).get("/api/session")).status).toBe(200);
});
`;

let repository: string;
let previous: string;
let scratch: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
  }).trim();

/** Plants a migration in the working folder. */
function plant(name: string, sql: string) {
  const folder = join(repository, "packages/core/migrations", name);
  mkdirSync(folder);
  writeFileSync(join(folder, "migration.sql"), sql);
}

const command = () => join(repository, "packages/tools/src/both-ways/main.ts");
// What the command leaves behind would be found in a folder of its own.
const env = () => ({
  TMPDIR: scratch,
  VITEST: undefined,
  VITEST_POOL_ID: undefined,
  VITEST_WORKER_ID: undefined,
});

/** The short test alone, unless `args` name others: a trial that should not begin must not be a long one. */
const bothWays = (...args: string[]) => {
  const only = args.includes("--only") ? [] : ["--only", "test/planted"];
  return run(process.execPath, [command(), ...only, ...args], { cwd: repository, env: env() });
};

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-planted-"));
  // For root, PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  repository = join(folder, "repository");
  scratch = join(folder, "scratch");
  mkdirSync(scratch);
  for (const name of COPIED)
    cpSync(join(ROOT, name), join(repository, name), {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(basename(path)),
    });
  writeFileSync(join(repository, TEST_FILE), TEST);
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=A first release");
  git("commit", "--quiet", "--allow-empty", "--message=The previous release");
  previous = git("rev-parse", "--short", "HEAD");
  borrowPackages(ROOT, repository);
});
afterAll(() => rmSync(join(repository, ".."), { recursive: true, force: true }));

afterEach(() => {
  git("checkout", "--quiet", "main");
  git("reset", "--quiet", "--hard", previous);
  git("clean", "--quiet", "-d", "--force");
});

function expectNothingLeft() {
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
  expect(readdirSync(scratch).filter((name) => name.startsWith("notejam-both-ways-"))).toEqual([]);
}

const ADDS = "99990101000000_mood";
const TAKES_AWAY = "99990102000000_device";

function plantPair() {
  plant(ADDS, 'ALTER TABLE "session" ADD COLUMN "mood" text;');
  plant(
    TAKES_AWAY,
    `-- contraction: session.device; not needed since ${previous}\nALTER TABLE "session" DROP COLUMN "device";`,
  );
}

test("a migration that adds passes, and one that takes away what the previous release uses fails by its name and the test's", async () => {
  plantPair();
  const before = git("status", "--porcelain");

  const { code, output } = await bothWays();

  expect(output.replaceAll(/\d+ s$/gm, "N s").split("\n")).toEqual([
    expect.stringMatching(/^The previous release: \w+ The previous release$/),
    `✓ the previous release after ${ADDS}: 1 passed, 0 failed, N s`,
    `✗ the previous release after ${TAKES_AWAY}: 0 passed, 1 failed, N s`,
    `    ${TEST_FILE}: a user signs in`,
    expect.stringContaining("to be 200"),
    `${TAKES_AWAY} must not be deployed: see CONTRIBUTING.md, "Expand and contract".`,
    "",
  ]);
  expect(code).toBe(1);
  expect(git("status", "--porcelain")).toBe(before);
  expectNothingLeft();
}, 240_000);

test.runIf(process.env.NOTEJAM_LONG_TESTS)(
  "this release must work without a migration that takes something away, and need not without one that adds",
  async () => {
    const change = (file: string, before: string, after: string) => {
      const path = join(repository, file);
      const text = readFileSync(path, "utf8");
      expect(text).toContain(before);
      writeFileSync(path, text.replaceAll(before, after));
    };
    // The column of the schema after both is in the code of this release, which does not use what the second takes away.
    plant(ADDS, 'ALTER TABLE "device" ADD COLUMN "mood" text;');
    change("packages/core/src/device/index.ts", "(user_id, token_hash, name,", "(user_id, token_hash, mood,");
    change("packages/core/src/device/index.ts", "set name = excluded.name", "set mood = excluded.mood");
    plant(
      TAKES_AWAY,
      `-- contraction: device.gone; not needed since ${previous}\nALTER TABLE "device" ALTER COLUMN "name" DROP NOT NULL;`,
    );

    const { code, output } = await bothWays();

    expect(output.replaceAll(/\d+ s$/gm, "N s").split("\n")).toEqual([
      expect.stringContaining("The previous release: "),
      `✓ the previous release after ${ADDS}: 1 passed, 0 failed, N s`,
      `✓ the previous release after ${TAKES_AWAY}: 1 passed, 0 failed, N s`,
      `· this release without ${ADDS}: needs it (${TEST_FILE}: a user signs in)`,
      `✗ this release without ${TAKES_AWAY}: 0 passed, 1 failed, N s`,
      `    ${TEST_FILE}: a user signs in`,
      expect.stringContaining("to be 200"),
      `${TAKES_AWAY} must not be deployed: see CONTRIBUTING.md, "Expand and contract".`,
      "",
    ]);
    expect(code).toBe(1);
  },
  600_000,
);

test.runIf(process.env.NOTEJAM_LONG_TESTS)(
  "a test that fails with and without a migration is not the migration's",
  async () => {
    writeFileSync(join(repository, TEST_FILE), `${TEST}\ntest("nothing holds", () => expect(1).toBe(2));\n`);
    git("commit", "--quiet", "--all", "--message=A release with a test that fails");
    plant(ADDS, 'ALTER TABLE "session" ADD COLUMN "mood" text;');

    const { code, output } = await bothWays();

    expect(output).toMatch(
      /✓ the previous release after .*: 1 passed, 0 failed, .*\n +1 fail with and without it/,
    );
    expect(code).toBe(0);
  },
  600_000,
);

test.each([
  ["no migration", () => {}, 0, "No migration since then"],
  [
    "what a later commit has stopped using",
    () => {
      git("commit", "--quiet", "--allow-empty", "--message=Stop using it");
      plant(
        "99990101000000_gone",
        `-- contraction: session.device; not needed since ${git("rev-parse", "--short", "HEAD")}`,
      );
      return ["--base", previous];
    },
    1,
    /The migration 99990101000000_gone takes session\.device away, which the previous release still uses: deploy [0-9a-f]+ first\./,
  ],
  [
    "a commit that is not there",
    () => plant("99990101000000_gone", "-- contraction: session.device; not needed since 1234567"),
    1,
    "99990101000000_gone names the commit 1234567, which is not here",
  ],
  [
    "a contraction that says too little",
    () => plant("99990101000000_gone", "-- contraction: session.device"),
    1,
    'must be "-- contraction: <what it takes away>; not needed since <commit>"',
  ],
  [
    "a changed migration",
    () =>
      writeFileSync(
        join(repository, "packages/core/migrations/20261124090359_first/migration.sql"),
        "select 1;",
      ),
    1,
    "The migration 20261124090359_first of the previous release was changed: restore it, and write another one.",
  ],
  [
    "a removed migration",
    () => rmSync(join(repository, "packages/core/migrations/20261124090359_first"), { recursive: true }),
    1,
    "The migration 20261124090359_first of the previous release was removed",
  ],
  [
    "a previous release that is not there",
    () => ["--base", "v1.0"],
    1,
    '--base names no commit that is here, "v1.0": fetch it, or name another one.',
  ],
  [
    "a test that there is not",
    () => {
      plant("99990101000000_mood", 'ALTER TABLE "session" ADD COLUMN "mood" text;');
      return ["--only", "no-such-test"];
    },
    1,
    "--only names no file of the API suite of the previous release: no-such-test.",
  ],
  ["an unknown option", () => ["--bsae", "main"], 2, "Unknown option '--bsae'"],
] as [string, () => unknown, number, string | RegExp][])(
  "%s is told at once",
  async (_, prepare, expected, message) => {
    const prepared = prepare();
    const args = Array.isArray(prepared) ? prepared : [];

    const { code, output } = await bothWays(...args);

    expect(output).toMatch(message);
    expect(output).not.toContain("    at ");
    expect(code).toBe(expected);
    expectNothingLeft();
  },
);

test("the previous release is where the branch left main, and on main the commit before", async () => {
  const said = async () => (await bothWays()).output.split("\n", 1)[0];
  git("checkout", "--quiet", "-b", "work");
  git("commit", "--quiet", "--allow-empty", "--message=One");
  git("commit", "--quiet", "--allow-empty", "--message=Two");

  const onABranch = await said();
  git("checkout", "--quiet", "main");
  const onMain = await said();

  expect(onABranch).toContain("The previous release: ");
  expect(onABranch).toMatch(/ The previous release$/);
  expect(onMain).toMatch(/ A first release$/);
});

test("a clone without history is told to fetch it", async () => {
  const clone = join(scratch, "shallow");
  git("clone", "--quiet", "--depth=1", `file://${repository}`, clone);
  borrowPackages(ROOT, clone);

  const { code, output } = await run(
    process.execPath,
    [join(clone, "packages/tools/src/both-ways/main.ts")],
    {
      cwd: clone,
      env: env(),
    },
  );

  expect(output).toBe(
    "HEAD has no commit before it here: fetch the whole history (actions/checkout: fetch-depth: 0), or name the previous release with --base.\n",
  );
  expect(code).toBe(1);
});

test("an interruption leaves nothing behind", async () => {
  plantPair();
  const child = spawn(process.execPath, [command(), "--only", "test/planted"], {
    cwd: repository,
    env: { ...process.env, ...env() },
  });
  const ended = once(child, "exit");
  await vi.waitFor(() => expect(git("worktree", "list").split("\n")).toHaveLength(3), {
    timeout: 60_000,
    interval: 100,
  });

  child.kill("SIGTERM");

  expect(await ended).toEqual([143, null]);
  expectNothingLeft();
});
