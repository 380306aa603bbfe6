// `npm run deploy`, run as npm runs it, against CloudFormation on loopback.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { recordOf, refuseConflict } from "../account/stages.ts";
import { stageOf } from "../stage/stage.ts";
import { ROOT, run } from "../testing/command.ts";
import { NO_WORKFLOW, type Surroundings, stacksOf, surroundings } from "../testing/pipeline.ts";
import { templatesOf } from "../testing/templates.ts";

const around: Surroundings = await surroundings();
const { account, github } = around;
afterAll(() => around.close());
beforeEach(() => around.reset());

const deploy = (args: string[], environment: Record<string, string | undefined> = {}) =>
  around.command("deploy.ts", args, environment);

/** A commit of this checkout, as far as it has a history. */
function commit(revision: string): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", revision], { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

test("it deploys a stage, and tells people and the next step of a workflow where its site is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-deploy-"));
  const output = join(folder, "output");

  const { code, stdout } = await deploy(["--stage", "dev"], { GITHUB_OUTPUT: output });

  expect({ code, stdout }).toEqual({ code: 0, stdout: "The site is https://dev.example.com\n" });
  expect(account.changes).toEqual(["CreateStack dev-notejam-data", "CreateStack dev-notejam-app"]);
  expect(readFileSync(output, "utf8")).toBe("site=https://dev.example.com\n");
  rmSync(folder, { recursive: true });
});

test("what a first deployment left that failed is removed first: SST alone would fail once more", async () => {
  account.stacks = stacksOf("ana", {}, "ROLLBACK_COMPLETE");

  const { code, stdout } = await deploy(["--stage", "ana"]);

  expect(code).toBe(0);
  expect(stdout).toContain("The first deployment of ana-notejam-app failed. What it left is removed.\n");
  expect(account.changes[0]).toBe("DeleteStack ana-notejam-app");
  expect(account.changes).toContain("CreateStack ana-notejam-app");
});

test("a deployment that fails has the exit code 1, and no address", async () => {
  account.refuses = "ana-notejam-app";

  const { code, stdout, stderr } = await deploy(["--stage", "ana"]);

  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr: "The stage ana could not be deployed.\n",
  });
  expect(account.changes).toEqual(["CreateStack ana-notejam-data"]);
});

test.each([
  {
    what: "a stage that another branch has",
    args: ["--branch", "feature/search", "--stage", "search"],
    there: stacksOf("search", { Branch: "search" }),
    says: 'The stage search is the branch "search"\'s. Name another stage for "feature/search" with --stage.',
  },
  {
    what: "a stage that is being removed",
    args: ["--branch", "search"],
    there: stacksOf("search", { Branch: "search" }, "DELETE_IN_PROGRESS"),
    says: "The stage search is being changed: its stack search-notejam-app is DELETE_IN_PROGRESS. Repeat this when that has ended.",
  },
  {
    what: "a pull request's stage",
    args: ["--stage", "pr-12"],
    there: {},
    says: "pr-12 is the stage of pull request 12. npm run preview -- deploy --pull-request 12 deploys it.",
  },
  {
    what: "a branch that no stage can be called like",
    args: ["--branch", "feature/search"],
    there: {},
    says: 'The branch "feature/search" is no name of a stage. Name its stage with --stage, such as --stage feature-search.',
  },
  {
    what: "no stage",
    args: [],
    there: {},
    says: "Name a stage with --stage: production, staging, dev, a person's name, or pr-<number>.",
  },
])("$what is refused in one sentence, and nothing is changed", async ({ args, there, says }) => {
  account.stacks = there;

  expect(await deploy(args)).toEqual({ code: 1, stdout: "", stderr: `${says}\n` });
  expect(account.changes).toEqual([]);
});

/** What is decided about a stage that is there, as the command and SST's own command line ask it. */
function decide(
  mode: string,
  branch: string | undefined,
  outputs: { branch?: string },
  status = "UPDATE_COMPLETE",
) {
  const there = { stage: "search", statuses: { "search-notejam-app": status }, ...outputs };
  return () => refuseConflict(mode, "search", there, branch);
}

test("a branch deploys its own stage again, a person theirs, and both remove them", () => {
  decide("deploy", "search", { branch: "search" })();
  decide("deploy", undefined, {})();
  decide("remove", undefined, { branch: "search" })();
});

test("a branch gets the stage whose first deployment failed: it records nothing, and the next one makes it anew", () => {
  decide("deploy", "search", {}, "ROLLBACK_COMPLETE")();
});

test("a person's stage is not a branch's, and a branch's stage is not deployed without it: nobody would own it then", () => {
  expect(decide("deploy", "search", {})).toThrow(
    "The stage search is a person's, not the branch \"search\"'s. Name another stage with --stage.",
  );
  for (const mode of ["deploy", "dev"]) {
    expect(decide(mode, undefined, { branch: "search" })).toThrow(
      'The stage search is the branch "search"\'s. npm run deploy -- --stage search --branch search deploys it.',
    );
  }
});

test.each([
  "CREATE_IN_PROGRESS",
  "UPDATE_ROLLBACK_IN_PROGRESS",
  "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
  "DELETE_IN_PROGRESS",
])("a stage that is %s is neither deployed nor removed", (status) => {
  for (const mode of ["deploy", "remove"]) {
    expect(decide(mode, "search", { branch: "search" }, status)).toThrow(
      /^The stage search is being changed/,
    );
  }
});

test.runIf(commit("HEAD~1"))("a fixed stage keeps a newer commit, and says so", async () => {
  account.stacks = stacksOf("dev", { Commit: commit("HEAD"), SiteOrigin: "https://dev.example.com" });
  expect((await deploy(["--stage", "dev"])).code).toBe(0);
  expect(account.changes).toHaveLength(2);

  account.changes.length = 0;
  // A checkout of the commit before.
  const folder = mkdtempSync(join(tmpdir(), "notejam-older-"));
  const git = join(folder, "git");
  writeFileSync(
    git,
    `#!/bin/sh\n[ "$1" = rev-parse ] && exec echo ${commit("HEAD~1")}\nexec "$REAL_GIT" "$@"\n`,
    { mode: 0o755 },
  );
  account.stacks = stacksOf("dev", { Commit: commit("HEAD"), SiteOrigin: "https://dev.example.com" });
  const real = spawnSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).stdout.trim();

  const { code, stdout, stderr } = await deploy(["--stage", "dev"], {
    PATH: `${folder}:${process.env.PATH}`,
    REAL_GIT: real,
  });

  // The steps that follow in a workflow would test another commit.
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^dev has \w{40} already, which contains \w{40}\. Nothing is deployed, and that commit's own run goes on\.\n$/,
  );
  expect(account.changes).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("the stack records the branch of a branch's stage, and the commit of a fixed one", async () => {
  const released = "c0ffee".padEnd(40, "0");
  const environment = { NOTEJAM_BRANCH: "search", NOTEJAM_RELEASE: released };

  const { app } = await templatesOf({ stage: "search", mode: "remove", environment });

  expect(app.toJSON().Outputs).toMatchObject({ Branch: { Value: "search" } });
  expect(app.toJSON().Outputs).not.toHaveProperty("Commit");
  expect(recordOf(stageOf("dev"), environment)).toEqual({ Commit: released });
  expect(recordOf(stageOf("dev"), {})).toEqual({});
});

test("SST's own command line refuses to remove a stage that is being changed", async () => {
  account.stacks = stacksOf("search", {}, "UPDATE_IN_PROGRESS");

  const args = ["remove", "--stage", "search", "--region", "eu-west-1"];
  const { code, stdout, stderr } = await run("node_modules/sst/cli/sst.js", args, {
    ...NO_WORKFLOW,
    ...account.environment,
  });

  expect(code).toBe(1);
  expect(stdout + stderr).toContain(
    "The stage search is being changed: its stack search-notejam-app is UPDATE_IN_PROGRESS.",
  );
  expect(account.changes).toEqual([]);
});

test.runIf(process.env.NOTEJAM_LONG_TESTS)(
  "SST itself deploys what was synthesised, and removes a stage",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "notejam-assembly-"));
    writeAssembly(folder, "search");
    const from = join(folder, "from.mjs");
    writeFileSync(
      from,
      `if (process.argv[2] === "deploy") process.argv.push("--from", ${JSON.stringify(folder)});`,
    );

    const { code, stdout } = await deploy(["--branch", "search"], {
      NODE_OPTIONS: `--import ${pathToFileURL(from)}`,
    });

    expect(code, stdout).toBe(0);
    expect(account.changes).toEqual(["CreateStack search-notejam-data", "CreateStack search-notejam-app"]);
    expect(stdout).toMatch(/\nThe site is https:\/\/search\.example\.com\n$/);

    github.pullRequests = { 1: { state: "closed" } };
    account.stacks = { ...stacksOf("pr-1"), ...stacksOf("dev") };
    const removal = await around.command("preview.ts", ["remove", "--pull-request", "1"], {
      NODE_OPTIONS: undefined,
    });
    expect(removal.code, removal.stdout).toBe(0);
    expect(Object.keys(account.stacks)).not.toContain("pr-1-notejam-app");
    expect(Object.keys(account.stacks)).toContain("dev-notejam-app");
    rmSync(folder, { recursive: true });
  },
);

/** Two stacks without resources, in the form in which SST's synthesis writes them. */
function writeAssembly(folder: string, stage: string): void {
  const stack = (id: string, dependencies: string[]) => ({
    type: "aws:cloudformation:stack",
    environment: "aws://111122223333/eu-west-1",
    properties: {
      templateFile: `${id}.template.json`,
      stackName: id,
      stackTemplateAssetObjectUrl: `s3://cdk-assets/${id}.json`,
      cloudFormationExecutionRoleArn: "arn:aws:iam::111122223333:role/execution",
      assumeRoleArn: "arn:aws:iam::111122223333:role/deployment",
    },
    dependencies,
  });
  const [data, app] = [`${stage}-notejam-data`, `${stage}-notejam-app`];
  for (const id of [data, app]) writeFileSync(join(folder, `${id}.template.json`), "{}");
  const artifacts = { [data]: stack(data, []), [app]: stack(app, [data]) };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ version: "48.0.0", artifacts }));
}
