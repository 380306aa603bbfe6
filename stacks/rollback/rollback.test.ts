// `npm run rollback`, in a repository with real commits, against AWS on loopback. The deployments are run as npm runs them; what is
// refused is asked of the same function in this process, since each start costs half a second.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { VisibleError } from "sst/error.js";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { stageOf } from "../stage/stage.ts";
import { type Answers, type AwsStub, awsStub, Refusal, STACK_MEMBER } from "../testing/aws-stub.ts";
import { ROOT, UNSET } from "../testing/command.ts";
import { ScratchRepository } from "../testing/scratch-repository.ts";
import { ACCOUNT } from "../testing/templates.ts";
import { rollBack } from "./rollback.ts";

const REGION = "eu-west-1";
const SITE = "https://d1.cloudfront.net";
const SETTINGS = 'NOTEJAM_MAIL_FROM="Notejam <notejam@example.com>"\n';

const repository = new ScratchRepository();
repository.write("settings.ts", "NOTEJAM_MAIL_FROM");
const first = repository.commit("First", ["1_first", "create table note ();"]);
const second = repository.commit("Second", ["2_second", "alter table note add column color text;"]);
const third = repository.commit("Third");
const contraction = `-- contraction: note.colour; not needed since ${second}\nalter table note drop column colour;`;
const fourth = repository.commit("Fourth", ["3_third", contraction]);
repository.write("settings.ts", "NOTEJAM_MAIL_FROM NOTEJAM_ALARM_EMAIL");
const fifth = repository.commit("Fifth");
repository.git("checkout", "--quiet", "-b", "other", third);
repository.lock("2.0.0");
const otherLock = repository.commit("Other packages");
const untold = repository.commit("Untold", ["4_untold", "-- contraction: everything\ndrop table note;"]);
repository.git("checkout", "--quiet", "main");
// Neither matters: it is a commit that is deployed.
repository.write("code/index.js", "unfinished");
repository.write("new-file", "");
const NAMES = new Map([first, second, third, fourth, fifth].map((commit, i) => [commit, i + 1]));

/** What git does not have. */
const LOST = "0123456789abcdef0123456789abcdef01234567";

let aws: AwsStub;
beforeEach(() => {
  repository.write(".env.staging", `${SETTINGS}NOTEJAM_ALARM_EMAIL=ops@example.com\n`);
});
afterEach(() => {
  aws?.close();
  rmSync(repository.runFile, { force: true });
  vi.unstubAllEnvs();
});
afterAll(() => repository.remove());

/** As SSM keeps them: a value a minute. */
const history = (commits: readonly string[], from = 0) => ({
  Parameters: commits.map((Value, i) => ({
    Value,
    Version: i + 1,
    LastModifiedDate: 1_795_000_000 + (from + i) * 60,
  })),
});

/** SSM answers 50 values at most; here it is two. */
function pageOf({ Parameters }: ReturnType<typeof history>, from: number) {
  const next = from + 2;
  return {
    Parameters: Parameters.slice(from, next),
    ...(next < Parameters.length && { NextToken: `${next}` }),
  };
}

/** An account in which the stage had these releases. */
async function released(commits: readonly string[], different: Answers = {}, migrated = history(commits)) {
  aws = await awsStub(ACCOUNT, {
    DescribeStacks: () => STACK_MEMBER("UPDATE_COMPLETE", { SiteOrigin: SITE }),
    GetParameterHistory: ({ parameters: { Name, NextToken } }) =>
      pageOf(Name === "/notejam/staging/release" ? history(commits) : migrated, Number(NextToken ?? 0)),
    ...different,
  });
}

function start(args: string[], environment: Record<string, string> = {}) {
  const command = join(ROOT, "stacks/commands/rollback.ts");
  return spawn(process.execPath, [command, "--stage", "staging", "--region", REGION, ...args], {
    cwd: repository.root,
    env: {
      ...process.env,
      ...UNSET,
      ...aws.environment,
      RUN: repository.runFile,
      npm_config_offline: "true",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function run(args: string[] = [], environment: Record<string, string> = {}) {
  const child = start(args, environment);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, stdout, stderr };
}

/** What a dry run says, in this process. */
async function said(to?: string): Promise<string> {
  for (const [name, value] of Object.entries({ ...UNSET, ...aws.environment })) vi.stubEnv(name, value);
  const lines: string[] = [];
  const wish = { stage: stageOf("staging"), region: REGION, to, isDry: true };
  expect(await rollBack(repository.root, wish, (line) => lines.push(line))).toBe(0);
  return lines.join("\n");
}

/** The number of the release that would be gone back to, 1 for the first. */
async function goesTo(to?: string): Promise<number | undefined> {
  const [, hash = ""] = /^to {3}(\w+)/m.exec(await said(to)) ?? [];
  return [...NAMES].find(([commit]) => commit.startsWith(hash))?.[1];
}

/** Nothing of a rollback is left in the repository. */
function expectClean() {
  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  expect(readdirSync(join(repository.root, ".sst"))).toEqual([]);
}

describe("a rollback", () => {
  test("deploys the code of the release before, with its own workspaces, as the stack app alone and at once", async () => {
    await released([first, second, third]);

    const { code, stdout, stderr } = await run();

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(repository.ran()).toEqual({
      args: ["deploy", "app$", "--stage", "staging", "--region", REGION],
      code: "Second",
      packages: ["@scratch", "installed", "sst"],
      installed: "yes",
      commit: second,
      release: second,
      shift: "at-once",
      // The settings of today, but for one that the release does not know.
      settings: SETTINGS,
    });
    expect(stdout).toMatch(/^from \w+ Third \(since 2026-11-18 11:08 UTC\)$/m);
    expect(stdout).toMatch(/^to {3}\w+ Second \(released 2026-11-18 11:07 UTC\)$/m);
    expect(stdout).toMatch(/^Commits that are taken back: 1\n {2}\w+ Third$/m);
    expect(stdout).toContain("NOTEJAM_ALARM_EMAIL is left out: that release does not know it.\n");
    expect(stdout).toMatch(/^staging runs \w+ Second\.$/m);
    expect(stdout).toContain(`npm run smoke -- ${SITE}\n`);
    expectClean();
  });

  test("installs the packages of a release that has others, and heals what a killed one left behind", async () => {
    await released([otherLock, third]);
    repository.git(
      "worktree",
      "add",
      "--quiet",
      "--detach",
      join(repository.root, ".sst/rollback-staging"),
      first,
    );

    const { code, stderr } = await run();

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(repository.ran()).toMatchObject({
      code: "Other packages",
      packages: [".package-lock.json", "@scratch", "sst"],
    });
    expectClean();
  });

  test("whose deployment fails says so, and leaves no checkout", async () => {
    await released([first, second, third]);

    const { code, stdout, stderr } = await run([], { SST: "fails" });

    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "The stage is not taken back: sst has failed, and says why above. CloudFormation undoes a deployment that fails.\n",
    });
    expect(stdout).not.toContain("staging runs");
    expectClean();
  });

  test("that is interrupted ends SST, says what goes on, and leaves no checkout", async () => {
    await released([first, second, third]);
    const child = start([], { SST: "hangs" });
    const said = text(child.stderr);
    for await (const chunk of child.stdout) if (String(chunk).includes("sst at work")) break;

    child.kill("SIGTERM");
    await once(child, "exit");

    expect(child.exitCode).toBe(143);
    expect(await said).toBe(
      `Ended by SIGTERM. What CloudFormation has begun goes on: aws cloudformation describe-stacks --stack-name staging-notejam-app --region ${REGION}\n`,
    );
    expectClean();
  });

  test("of a dry run says what would be done, and does nothing", async () => {
    await released([first, second, third, fourth]);

    expect(await said(third)).toMatch(
      /^Migrations that stay: 1\n {2}3_third\nNothing is changed \(--dry-run\)\.$/m,
    );
    expect(repository.ran()).toBeUndefined();
    expect(existsSync(join(repository.root, ".sst/rollback-staging"))).toBe(false);
  });
});

describe("it goes", () => {
  test.each([
    { why: "to the release before", has: [first, second, third], to: undefined, goes: 2 },
    {
      why: "one further back after another rollback",
      has: [first, second, third, second],
      to: undefined,
      goes: 1,
    },
    { why: "to an earlier one that is named", has: [first, second, third], to: first, goes: 1 },
    {
      why: "to one that is named by its first digits",
      has: [first, second, third],
      to: first.slice(0, 7),
      goes: 1,
    },
    { why: "to what a name of git means", has: [first, second, third], to: "main~4", goes: 1 },
    {
      why: "over a contraction to code that does without",
      has: [first, second, third, fourth],
      to: second,
      goes: 2,
    },
    { why: "to a release with the contraction itself", has: [first, fourth, fifth], to: undefined, goes: 4 },
    {
      why: "past a release that nobody knows",
      has: [first, "unknown", second],
      to: undefined,
      goes: undefined,
    },
  ])("$why", async ({ has, to, goes }) => {
    await released(has);

    if (goes === undefined) await expect(goesTo(to)).rejects.toThrow("was deployed without its commit");
    else expect(await goesTo(to)).toBe(goes);
  });
});

describe("it is refused in one sentence", () => {
  const nothing = new Refusal("ParameterNotFound", "");
  const cases: {
    why: string;
    has: readonly string[];
    to?: string;
    different?: Answers;
    migrated?: ReturnType<typeof history>;
    says: string | RegExp;
  }[] = [
    {
      why: "a migration has taken away what the code needs",
      has: [first, third, fourth],
      to: first,
      says: `staging can't go back to ${first.slice(0, 7)}: the migration 3_third, which came with ${fourth.slice(0, 7)}, took away what that code needs (note.colour, not needed since ${second.slice(0, 7)}). stacks/RUNBOOKS.md, "A bad deployment", says what to do instead.`,
    },
    {
      why: "it has, though its deployment failed afterwards",
      has: [first, second],
      migrated: history([first, second, fourth, second]),
      says: /^staging can't go back to \w+: the migration 3_third/,
    },
    {
      why: "a migration does not say since when it is not needed",
      has: [otherLock, untold],
      says: /the migration 4_untold, .* \(everything\)/,
    },
    {
      why: "nothing is recorded",
      has: [],
      different: { GetParameterHistory: () => nothing },
      says: /^No release of staging is recorded/,
    },
    {
      why: "the last deployment failed, and CloudFormation has undone it",
      has: [first, second],
      different: { DescribeStacks: () => STACK_MEMBER("UPDATE_ROLLBACK_COMPLETE") },
      says: /^The last deployment of staging failed and is undone already: it runs \w+ Second\. To go back further, name the release with --to\.$/,
    },
    { why: "it is the first release", has: [third], says: /^staging has no release before \w{7}, / },
    {
      why: "the commit was never released",
      has: [first, second, third],
      to: fifth,
      says: `"${fifth}" was never released to staging. Its releases, the newest first: ${[third, second, first].map((one) => one.slice(0, 7)).join(", ")}`,
    },
    {
      why: "the name means nothing",
      has: [first, second],
      to: "no-such",
      says: /^"no-such" was never released/,
    },
    {
      why: "it runs already",
      has: [first, second],
      to: second,
      says: `staging runs ${second.slice(0, 7)} already.`,
    },
    {
      why: "git lacks the commit",
      has: [LOST, second],
      says: `This checkout does not have ${LOST}, which was deployed to staging. Fetch it: git fetch origin ${LOST}`,
    },
    { why: "git lacks one in between", has: [first, LOST, second], to: first, says: /does not have 0123/ },
    {
      why: "what runs has no commit",
      has: [first, "unknown"],
      says: /^What runs in staging was deployed without its commit/,
    },
    {
      why: "there is no stack",
      has: [],
      different: { DescribeStacks: () => new Refusal("ValidationError", "Stack with id x does not exist") },
      says: /^staging is not deployed in eu-west-1/,
    },
    {
      why: "the stack is being changed",
      has: [first, second],
      different: { DescribeStacks: () => STACK_MEMBER("UPDATE_IN_PROGRESS") },
      says: /^The stack staging-notejam-app is being changed \(UPDATE_IN_PROGRESS\)\. .*cancel-update-stack/,
    },
    {
      why: "the stack is stuck",
      has: [first, second],
      different: { DescribeStacks: () => STACK_MEMBER("UPDATE_ROLLBACK_FAILED") },
      says: /^The stack staging-notejam-app is UPDATE_ROLLBACK_FAILED, /,
    },
    {
      why: "the permission is missing",
      has: [],
      different: { GetParameterHistory: () => new Refusal("AccessDeniedException", "You may not") },
      says: "AWS can't be asked: You may not.",
    },
  ];

  test.each(cases)("if $why", async ({ has, to, different, migrated, says }) => {
    await released(has, different, migrated);

    const refused = goesTo(to);

    await expect(refused).rejects.toThrow(says);
    await expect(refused).rejects.toThrow(/^[^\n]*$/);
    await expect(refused).rejects.toBeInstanceOf(VisibleError);
  });

  test("if this is no checkout", async () => {
    await released([first, second]);
    for (const [name, value] of Object.entries({ ...UNSET, ...aws.environment })) vi.stubEnv(name, value);
    vi.stubEnv("NOTEJAM_MAIL_FROM", "a@example.com");
    const folder = mkdtempSync(join(tmpdir(), "notejam-no-checkout-"));
    const wish = { stage: stageOf("staging"), region: REGION, to: undefined, isDry: true };

    await expect(rollBack(folder, wish, () => {})).rejects.toThrow(/ is no checkout of git\./);
    rmSync(folder, { recursive: true });
  });
});
