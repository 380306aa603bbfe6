// `npm run reap`, run as npm runs it, against GitHub and CloudFormation on loopback.
import { afterAll, beforeEach, expect, test } from "vitest";
import { type Surroundings, stacksOf, surroundings } from "../testing/pipeline.ts";

const around: Surroundings = await surroundings();
const { account, github } = around;
afterAll(() => around.close());
beforeEach(() => {
  around.reset();
  account.stacks = {
    ...stacksOf("production", { Commit: "c0ffee" }),
    ...stacksOf("staging", { Commit: "c0ffee" }),
    ...stacksOf("dev", { Commit: "c0ffee" }),
    ...stacksOf("vault"),
    ...stacksOf("ana"),
    ...stacksOf("pr-1"),
    ...stacksOf("pr-2"),
    ...stacksOf("pr-3", {}, "UPDATE_IN_PROGRESS"),
    ...stacksOf("search", { Branch: "feature/search" }),
    ...stacksOf("tags", { Branch: "feature/tags" }),
    // Another app's, whatever its name.
    ...stacksOf("pr-5"),
    // Of another stack its removal failed, the last time.
    "pr-4-notejam-data": { status: "DELETE_FAILED", outputs: {} },
  };
  account.foreign = ["pr-5-notejam-app", "pr-5-notejam-data"];
  github.pullRequests = { 1: { state: "open" }, 2: { state: "closed" }, 3: { state: "closed" } };
  // More than a page.
  github.branches = [...Array.from({ length: 150 }, (_, i) => `b-${i}`), "feature/search", "main"];
});

const reap = (args: string[] = []) => around.command("reap.ts", args);

const REMOVED = [
  "pr-2-notejam-app",
  "pr-2-notejam-data",
  "pr-4-notejam-data",
  "tags-notejam-app",
  "tags-notejam-data",
];

test("stages without an open pull request or a living branch are removed, and each other is named with the reason", async () => {
  const { code, stdout } = await reap();

  expect(account.changes).toEqual(REMOVED.map((name) => `DeleteStack ${name}`));
  expect(stdout.trim().split("\n")).toEqual([
    "kept             ana: it records no branch, so it is a person's",
    "kept             pr-1: pull request 1 is open",
    "removed          pr-2: pull request 2 is not open",
    "left             pr-3: its stack pr-3-notejam-app is UPDATE_IN_PROGRESS, so the next run looks again",
    "removed          pr-4: pull request 4 is not open",
    "kept             search: its branch feature/search is there",
    "removed          tags: its branch feature/tags is gone",
  ]);
  expect(code).toBe(0);
});

test("--dry-run says what would be removed, and removes nothing", async () => {
  const { code, stdout } = await reap(["--dry-run"]);

  expect(stdout).toContain("\nwould be removed pr-2: pull request 2 is not open\n");
  expect(account.changes).toEqual([]);
  expect(code).toBe(0);
});

test("a pull request that is opened again while others are removed keeps its stage", async () => {
  Object.defineProperty(github.pullRequests, 4, {
    enumerable: true,
    get: () => ({ state: account.changes.length > 0 ? "open" : "closed" }),
  });

  const { stdout } = await reap();

  expect(stdout).toContain("\nkept             pr-4: pull request 4 is open\n");
  expect(account.changes).toEqual(
    REMOVED.filter((name) => !name.startsWith("pr-4")).map((name) => `DeleteStack ${name}`),
  );
});

test("a stage that can't be removed is named, the others are removed, and the exit code is 1", async () => {
  account.refuses = "pr-2-notejam-app";

  const { code, stdout } = await reap();

  expect(stdout).toContain(
    "\nnot removed      pr-2: pull request 2 is not open. The stage pr-2 could not be removed.\n",
  );
  expect(account.changes).toEqual(REMOVED.slice(2).map((name) => `DeleteStack ${name}`));
  expect(code).toBe(1);
});

test.each([
  {
    what: "does not answer",
    make: () => {
      github.fails = 502;
    },
    says: /^GitHub can't be asked \(GET \/pulls.*\): it answered 502\./,
  },
  {
    what: "has lost its branches",
    make: () => {
      github.branches = [];
    },
    says: /^GitHub names no branch main, so its list is not believed\. Nothing is removed\.\n$/,
  },
])("nothing is removed if GitHub $what", async ({ make, says }) => {
  make();

  const { code, stdout, stderr } = await reap();

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(says);
  expect(account.changes).toEqual([]);
});
