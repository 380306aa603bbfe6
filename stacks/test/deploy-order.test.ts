// A dry run of the workflow `deploy`: its jobs in their order and its commands as they stand, against CloudFormation on loopback.
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { runWorkflow } from "../testing/actions.ts";
import { NO_WORKFLOW, SST_STANDS_IN, type Surroundings, surroundings } from "../testing/pipeline.ts";
import { workflow } from "../testing/workflows.ts";

/** A site where nothing is as it should be. */
const broken = createServer((_, response) => response.writeHead(404).end("nothing")).listen(0, "127.0.0.1");
await once(broken, "listening");
const BROKEN = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;

/**
 * npm in its place: `npm ci` would install anew, and the sites at example.com are nobody's, so a visit there succeeds. Everything
 * else is the script of package.json.
 */
const NPM = `#!/usr/bin/env bash
echo "npm $*" >> "$NPM_CALLS"
if [ "$*" = ci ]; then exit 0; fi
if [ "$1" != run ]; then exit 64; fi
script=$2
shift 2
if [ "\${1:-}" = -- ]; then shift; fi
case "$script $*" in "smoke https://"*.example.com | "load https://"*.example.com) exit 0 ;; esac
command=$(node -p 'require("./package.json").scripts[process.argv[1]]' "$script")
eval "$command" '"$@"'
`;

const folder = mkdtempSync(join(tmpdir(), "notejam-order-"));
const calls = join(folder, "calls");
writeFileSync(join(folder, "npm"), NPM);
chmodSync(join(folder, "npm"), 0o755);

const around: Surroundings = await surroundings();
const { account } = around;
afterAll(() => {
  around.close();
  broken.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  around.reset();
  account.siteOf = (stage) => `https://${stage}.example.com`;
  writeFileSync(calls, "");
});

async function dryRun() {
  const jobs = await runWorkflow(workflow("deploy"), {
    ...NO_WORKFLOW,
    ...account.environment,
    ...SST_STANDS_IN,
    AWS_REGION: "eu-west-1",
    NPM_CALLS: calls,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
  });
  const results = Object.fromEntries([...jobs].map(([name, { result }]) => [name, result]));
  const asked = readFileSync(calls, "utf8").trim().split("\n");
  return { jobs, results, asked: asked.filter((call) => call !== "npm ci") };
}

const MADE = (stage: string) => [`CreateStack ${stage}-notejam-data`, `CreateStack ${stage}-notejam-app`];

test("dev is deployed first, then staging, then production, and each is visited where CloudFormation says that it is", async () => {
  const { results, asked } = await dryRun();

  expect(results).toEqual({ dev: "success", staging: "success", approve: "success", production: "success" });
  expect(Object.keys(results)).toEqual(["dev", "staging", "approve", "production"]);
  expect(account.changes).toEqual(["dev", "staging", "production"].flatMap(MADE));
  expect(asked).toEqual([
    "npm run deploy -- --stage dev",
    "npm run smoke -- https://dev.example.com",
    "npm run deploy -- --stage staging",
    "npm run smoke -- https://staging.example.com",
    "npm run load -- https://staging.example.com",
    "npm run deploy -- --stage production",
    "npm run smoke -- https://production.example.com",
  ]);
});

test("a smoke test that fails on staging stops before production, which is not even asked for", async () => {
  account.siteOf = (stage) => (stage === "staging" ? BROKEN : `https://${stage}.example.com`);

  const { jobs, results, asked } = await dryRun();

  expect(results).toEqual({ dev: "success", staging: "failure", approve: "skipped", production: "skipped" });
  expect(jobs.get("staging")?.log).toContain("FAILED");
  expect(account.changes).toEqual(["dev", "staging"].flatMap(MADE));
  expect(asked.at(-1)).toBe(`npm run smoke -- ${BROKEN}`);
});

test("a deployment that fails on dev stops there", async () => {
  account.refuses = "dev-notejam-app";

  const { results, asked } = await dryRun();

  expect(results).toEqual({ dev: "failure", staging: "skipped", approve: "skipped", production: "skipped" });
  expect(account.changes).toEqual(["CreateStack dev-notejam-data"]);
  expect(asked).toEqual(["npm run deploy -- --stage dev"]);
});
