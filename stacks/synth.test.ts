// The commands of this folder, run as npm runs them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ENV } from "@notejam/core/config";
import { expect, test } from "vitest";
import { ACCOUNT, SENDER, templatesOf } from "./testing/templates.ts";

const ROOT = join(import.meta.dirname, "..");

async function run(file: string, args: string[], environment: Record<string, string | undefined> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: undefined,
      NODE_ENV: undefined,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, stdout, stderr };
}

test("synth writes the templates that these tests look at, by SST's own command, without credentials", async () => {
  const stage = "synth-test";
  const expected = await templatesOf({ stage, region: "eu-north-1" });

  const { code, stdout } = await run("synth.ts", ["--stage", stage, "--region", "eu-north-1"], {
    NOTEJAM_ACCOUNT: ACCOUNT,
    [ENV.mailFrom]: SENDER,
    AWS_PROFILE: "no-such-profile",
  });

  expect(code).toBe(0);
  const folder = `.sst/synth/${stage}-eu-north-1`;
  for (const id of ["data", "app"] as const) {
    const file = `${folder}/${stage}-notejam-${id}.template.json`;
    expect(stdout).toContain(`${file}\n`);
    expect(JSON.parse(await readFile(join(ROOT, file), "utf8"))).toEqual(expected[id].toJSON());
  }
  await rm(join(ROOT, folder), { recursive: true });
});

test.each([
  { args: [], says: "Name a stage with --stage: production, staging, dev, a person's name, or pr-<number>." },
  { args: ["--stage", "ana"], says: "Name a region with --region, or in AWS_REGION." },
  { args: ["--stage", "ana", "--region", "europe"], says: '"europe" is not the name of an AWS region.' },
  {
    args: ["--stage", "prod", "--region", "eu-west-1"],
    says: 'There is no stage "prod". Its name is production.',
  },
  { args: ["--stgae", "ana"], says: "Unknown option '--stgae'" },
  { args: ["--stage"], says: "Option '--stage <value>' argument missing" },
])("synth $args is refused in one line", async ({ args, says }) => {
  expect(await run("synth.ts", args)).toEqual({ code: 1, stdout: "", stderr: `${says}\n` });
});

test("synth refuses an account that is none", async () => {
  const { code, stderr } = await run("synth.ts", ["--stage", "ana", "--region", "eu-west-1"], {
    NOTEJAM_ACCOUNT: "12",
  });

  expect({ code, stderr }).toEqual({ code: 1, stderr: 'NOTEJAM_ACCOUNT must be 12 digits, not "12".\n' });
});

test.each(["synth.ts", "dev-aws.ts"])("%s --help says what it does", async (file) => {
  const { code, stdout } = await run(file, ["--help"]);

  expect(code).toBe(0);
  expect(stdout).toContain("Usage: npm run");
});

test.each([
  {
    args: ["--stage", "production"],
    says: /^`sst dev` would bring the requests of production to this computer\./,
  },
  { args: [], says: /^Name a stage with --stage/ },
  { args: ["--stage", "ana"], says: /^Name a region with --region/ },
])("dev:aws $args is refused in one line, before anything is asked of AWS", async ({ args, says }) => {
  const { code, stdout, stderr } = await run("dev-aws.ts", args);

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(says);
});

test.each(["dev", "remove"])(
  "sst %s itself refuses a fixed stage, before anything is asked of AWS",
  async (command) => {
    const args = [command, "--stage", "staging", "--region", "eu-west-1"];

    const { code, stdout } = await run("../node_modules/sst/cli/sst.js", args, {
      SST_TELEMETRY_DISABLED: "1",
    });

    expect(code).toBe(1);
    expect(stdout).toContain("staging");
  },
);
