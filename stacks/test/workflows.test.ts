// What holds for the workflows of GitHub: they are valid, they pin what they run, and nobody gets more rights than a job needs.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { scripts } from "../../package.json" with { type: "json" };
import { ROOT } from "../testing/command.ts";
import { allJobs, needsOf, scriptOf, workflow, workflowTexts } from "../testing/workflows.ts";

const names = Object.keys(workflowTexts);
const jobs = allJobs();
const steps = jobs.flatMap(({ workflow: file, name, job }) =>
  job.steps.map((step) => ({ where: `${file}: ${name}`, job, step })),
);
const runs = steps.flatMap(({ where, step: { run } }) => (run === undefined ? [] : [{ where, run }]));
const readme = readFileSync(join(ROOT, "stacks/README.md"), "utf8");

/** As GitHub evaluates it. */
const expression = (inside: string) => `$\{{ ${inside} }}`;

test("they are the ones that the documentation names", () => {
  expect(names.sort()).toEqual(["ci", "deploy", "drill", "preview", "reap"]);
});

test.each(names)("%s passes action-validator, which does not know `queue` yet", (name) => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-workflow-"));
  const file = join(folder, `${name}.yml`);
  const queue = /^ {6}queue: max\n/gm;
  // The one exception: version 0.6.0 takes no other key of `concurrency` than the two that were there first.
  writeFileSync(file, (workflowTexts[name] ?? "").replace(queue, ""));

  const { status, stderr } = spawnSync(join(ROOT, "node_modules/.bin/action-validator"), [file], {
    encoding: "utf8",
  });

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(workflowTexts[name]?.match(queue)?.length ?? 0).toBe(name === "deploy" ? 3 : 0);
  rmSync(folder, { recursive: true });
});

test("shellcheck finds nothing in what they and .ci/run say to the shell", (context) => {
  if (spawnSync("shellcheck", ["--version"]).status !== 0) return context.skip("shellcheck is not installed");
  const input = `#!/usr/bin/env bash\n${runs.map(({ run }) => run).join("\n")}\n`;

  // A step's variables come from its `env`.
  const steps = spawnSync("shellcheck", ["--severity=style", "--exclude=SC2154,SC2153", "-"], {
    input,
    encoding: "utf8",
  });
  const script = spawnSync("shellcheck", ["--severity=style", join(ROOT, ".ci/run")], { encoding: "utf8" });

  expect(steps.stdout + script.stdout).toBe("");
  expect([steps.status, script.status]).toEqual([0, 0]);
});

test("each action is pinned by its commit, with its version beside, and listed for the first run", () => {
  const used = Object.values(workflowTexts).flatMap((text) =>
    [...text.matchAll(/uses: *(.*)/g)].map(([, action = ""]) => action),
  );
  const pins = [...new Set(used)];

  for (const pin of pins) {
    expect(pin).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const [, name, commit, version] = /^(.+)@(\w+) # (.+)$/.exec(pin) ?? [];
    expect(readme).toContain(`| \`${name}\` | ${version} | \`${commit}\` |`);
  }
  expect(used.length).toBeGreaterThan(10);
  // No action in two versions.
  expect(new Set(pins.map((pin) => pin.split("@")[0])).size).toBe(pins.length);
});

test("a workflow has no rights, and a job those that it needs", () => {
  for (const name of names) expect(workflow(name).permissions, name).toEqual({});
  const rights = Object.fromEntries(
    jobs.map(({ workflow: file, name, job }) => [`${file}: ${name}`, job.permissions]),
  );

  const deploys = { contents: "read", "id-token": "write" };
  expect(rights).toEqual({
    "ci: check": { contents: "read" },
    "ci: suite": { contents: "read" },
    "ci: migrations": { contents: "read" },
    "deploy: dev": deploys,
    "deploy: staging": deploys,
    "deploy: approve": { contents: "read" },
    "deploy: production": deploys,
    "drill: restore": deploys,
    "preview: deploy": { ...deploys, "pull-requests": "write" },
    "preview: remove": { ...deploys, "pull-requests": "write" },
    "reap: reap": { ...deploys, "pull-requests": "read" },
  });
});

test("only a job of an environment gets credentials: a role trusts one repository and environment", () => {
  for (const { workflow: file, name, job } of jobs) {
    const takes = job.steps.filter(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
    expect(takes.length, `${file}: ${name}`).toBe(job.permissions?.["id-token"] === "write" ? 1 : 0);
    for (const { with: inputs } of takes) {
      expect(inputs).toMatchObject({
        "role-to-assume": expression("vars.DEPLOY_ROLE"),
        "aws-region": expression("vars.AWS_REGION"),
      });
      expect(job.environment).toBeDefined();
      expect(readme).toContain(
        `repo:<owner>@<owner id>/<repository>@<repository id>:environment:${job.environment}"`,
      );
    }
  }
});

test("no secret is there to be had, and the repository's token is handed to the commands that ask GitHub, alone", () => {
  for (const [name, text] of Object.entries(workflowTexts)) {
    expect(text, name).not.toMatch(/secrets\b|pull_request_target|workflow_run/);
  }
  for (const { where, step } of steps) {
    if (step.uses?.startsWith("actions/checkout@"))
      expect(step.with?.["persist-credentials"], where).toBe(false);
    const asksGitHub = /^npm run (preview|reap)\b/.test(step.run ?? "");
    expect(step.env?.GITHUB_TOKEN, where).toBe(asksGitHub ? expression("github.token") : undefined);
  }
});

test("no pull request from a fork gets a preview", () => {
  const isOwn = "github.event.pull_request.head.repo.full_name == github.repository";
  const { on, jobs } = workflow("preview");

  expect(on).toEqual({ pull_request: { types: ["opened", "reopened", "synchronize", "closed"] } });
  expect(jobs.deploy?.if).toBe(`github.event.action != 'closed' && ${isOwn}`);
  expect(jobs.remove?.if).toBe(`github.event.action == 'closed' && ${isOwn}`);
});

test("each command is one npm script, without anything that somebody else wrote in it", () => {
  for (const { where, run } of runs) {
    expect(run, where).not.toContain("${{");
    if (run === "npm ci") continue;
    const script = scriptOf(run);
    expect(Object.keys(scripts), `${where}: ${run}`).toContain(script);
  }
  expect(runs.length).toBeGreaterThan(10);
});

const used = [...new Set(runs.map(({ run }) => scriptOf(run)).filter((script) => script !== undefined))];

test("each of these scripts also runs here, and says what it does", async () => {
  const helped = used.map(async (script) => {
    const child = spawn("npm", ["run", "--silent", script, "--", "--help"], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    return { script, code, usage: /^Usage: npm (?:run )?([\w:-]+)/m.exec(said)?.[1] };
  });

  expect(await Promise.all(helped)).toEqual(used.map((script) => ({ script, code: 0, usage: script })));
});

test("a stage takes one deployment at a time, all wait, and none is cancelled", () => {
  const { concurrency, jobs } = workflow("deploy");

  expect(concurrency).toBeUndefined();
  for (const stage of ["dev", "staging", "production"]) {
    expect(jobs[stage]?.concurrency).toEqual({
      group: `deploy-${stage}`,
      queue: "max",
      "cancel-in-progress": false,
    });
    // The history says which of two commits is the newer one.
    expect(jobs[stage]?.steps[0]?.with?.["fetch-depth"]).toBe(0);
  }
});

test("a pull request's deployment and removal share a group, in which none is cancelled half-way", () => {
  const { concurrency, jobs } = workflow("preview");

  expect(concurrency).toEqual({
    group: `preview-${expression("github.event.pull_request.number")}`,
    "cancel-in-progress": false,
  });
  for (const job of Object.values(jobs)) expect(job.concurrency).toBeUndefined();
});

test("production is reached through dev, staging and an approval, which holds no stage while it waits", () => {
  const { on, jobs } = workflow("deploy");

  expect(on).toEqual({ push: { branches: ["main"] } });
  const path = ["production"];
  for (let job = jobs.production; job !== undefined; ) {
    const [before, ...more] = needsOf(job);
    expect(more).toEqual([]);
    // A condition of its own would run it after a failure too.
    expect(job.if).toBeUndefined();
    if (before === undefined) break;
    path.unshift(before);
    job = jobs[before];
  }
  expect(path).toEqual(["dev", "staging", "approve", "production"]);
  expect(path.map((name) => jobs[name]?.environment)).toEqual([
    "dev",
    "staging",
    "production-approval",
    "production",
  ]);
  expect(jobs.approve?.concurrency).toBeUndefined();
  for (const { workflow: file, name, job } of allJobs()) {
    if (job.environment === "production") expect(`${file}: ${name}`).toBe("deploy: production");
  }
});

test("each job ends by itself, on a machine of one kind", () => {
  for (const { workflow: file, name, job } of jobs) {
    expect(job["timeout-minutes"], `${file}: ${name}`).toBeGreaterThan(0);
    expect(job["runs-on"]).toBe("ubuntu-24.04");
  }
});
