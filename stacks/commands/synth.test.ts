// `npm run synth`, run as npm runs it, on stages that it can and can't synthesise.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import { FUNCTION_NAMES, FUNCTIONS } from "@notejam/functions/functions";
import { beforeEach, expect, test } from "vitest";
import { run } from "../testing/command.ts";
import { the } from "../testing/resources.ts";
import { ACCOUNT, OF_PRODUCTION, templatesOf } from "../testing/templates.ts";
import { preparedAccount } from "./prepared-account.ts";

const STAGE = "production";
const REGION = "eu-west-1";

/** Each builds the web app and seven functions. */
const THREE_SYNTHESES_MS = 300_000;

const MADE_IN_PRODUCTION = FUNCTION_NAMES.map((name) => ({ name, ...FUNCTIONS[name] })).filter(
  ({ madeIn }) => madeIn !== "dev",
);

let folder: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notejam-synth-"));
  to = join(folder, "synth");
  return () => rmSync(folder, { recursive: true });
});

function synth(environment: Record<string, string | undefined> = {}) {
  return run("stacks/commands/synth.ts", ["--stage", STAGE, "--region", REGION, "--to", to], {
    NOTEJAM_ACCOUNT: ACCOUNT,
    ...OF_PRODUCTION,
    ...environment,
  });
}

function templatesIn(assembly: string): Record<string, unknown> {
  const files = readdirSync(assembly).filter((name) => name.endsWith(".template.json"));
  return Object.fromEntries(
    files.map((name) => [name, JSON.parse(readFileSync(join(assembly, name), "utf8"))]),
  );
}

test(
  "what it writes is what `sst build` writes and what the tests look at, without credentials or a network",
  async () => {
    const { stacks } = await templatesOf({ stage: STAGE, region: REGION, built: true });
    const expected = Object.fromEntries(
      Object.entries(stacks).map(([id, template]) => [`${STAGE}-notejam-${id}.template.json`, template]),
    );
    // An earlier synthesis was killed.
    writeFileSync(`${to}.lock`, `${spawnSync(process.execPath, ["--version"]).pid}\n`);
    mkdirSync(`${to}.unfinished/made/left-behind`, { recursive: true });
    const built = join(folder, "built");
    const aws = await preparedAccount(ACCOUNT);

    const [synthesised, sst] = await Promise.all([
      // A profile of the person's own must not matter, nor a proxy.
      synth({ AWS_PROFILE: "no-such-profile", HTTPS_PROXY: "http://127.0.0.1:9" }),
      run("node_modules/sst/cli/sst.js", ["build", "--stage", STAGE, "--region", REGION, "--to", built], {
        ...aws.environment,
        ...OF_PRODUCTION,
      }),
    ]);
    aws.close();

    expect([synthesised.code, sst.code], synthesised.stderr + sst.stdout).toEqual([0, 0]);
    expect(templatesIn(built)).toEqual(expected);
    expect(templatesIn(join(to, `${STAGE}-${REGION}`))).toEqual(expected);
    for (const name of Object.keys(expected))
      expect(synthesised.stdout).toContain(`/${STAGE}-${REGION}/${name}\n`);
    expect(synthesised.stdout).toMatch(/SHA-256 [0-9a-f]{64}\n$/);
    expect(readdirSync(folder).sort()).toEqual(["built", "synth"]);
  },
  THREE_SYNTHESES_MS,
);

test.each(MADE_IN_PRODUCTION)("a function that is built runs under Node 24: $name", async ({ id, entry }) => {
  const { app } = await templatesOf({ stage: STAGE, region: REGION, built: true });

  const { Runtime, Handler } = the(app, "AWS::Lambda::Function", id).properties;

  expect({ Runtime, Handler }).toEqual({
    Runtime: "nodejs24.x",
    Handler: `packages/functions/src/${entry}.handler`,
  });
});

test("a stage that can't be synthesised is named, with the reason, and what was there stays", async () => {
  mkdirSync(join(to, `${STAGE}-${REGION}`), { recursive: true });
  writeFileSync(join(to, `${STAGE}-${REGION}`, "earlier.template.json"), "{}");

  const { code, stdout, stderr } = await synth({ [ENV.mailFrom]: "nobody" });

  expect(code).toBe(1);
  expect(stdout).toBe(`✗ ${STAGE} in ${REGION}\n`);
  expect(stderr).toMatch(/^NOTEJAM_MAIL_FROM is "nobody".*\n$/);
  expect(readdirSync(join(to, `${STAGE}-${REGION}`))).toEqual(["earlier.template.json"]);
  expect(readdirSync(folder)).toEqual(["synth"]);
});

test("two at once are refused in one sentence, and the second one writes nothing", async () => {
  writeFileSync(`${to}.lock`, `${process.pid}\n`);

  const { code, stdout, stderr } = await synth();

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    new RegExp(`^Another synthesis \\(process ${process.pid}\\) is writing to .*synth\\. .*\\n$`),
  );
  expect(existsSync(to)).toBe(false);
  expect(readFileSync(`${to}.lock`, "utf8")).toBe(`${process.pid}\n`);
});
