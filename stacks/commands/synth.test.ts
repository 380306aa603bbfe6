// `npm run synth`, run as npm runs it, on stages that it can and can't synthesise.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import { FUNCTION_NAMES, FUNCTIONS } from "@notejam/functions/functions";
import { beforeEach, expect, test } from "vitest";
import { takeLock } from "../runner/lock.ts";
import { preparedAccount } from "../synthesis/prepared-account.ts";
import { run } from "../testing/command.ts";
import { ACCOUNT, OF_PRODUCTION, type RawTemplate, templatesOf } from "../testing/templates.ts";

const STAGE = "production";
const REGION = "eu-west-1";

/** Each builds the web app and seven functions. */
const THREE_SYNTHESES_MS = 300_000;

const MADE_IN_PRODUCTION = FUNCTION_NAMES.map((name) => FUNCTIONS[name]).filter(
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

function templatesIn(assembly: string): Record<string, RawTemplate> {
  const files = readdirSync(assembly).filter((name) => name.endsWith(".template.json"));
  return Object.fromEntries(
    files.map((name) => [name, JSON.parse(readFileSync(join(assembly, name), "utf8"))]),
  );
}

test(
  "what it writes is what `sst build` writes, with the resources that the tests look at, under Node 24, without credentials or a network",
  async () => {
    const { stacks } = await templatesOf({ stage: STAGE, region: REGION });
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
    const templates = templatesIn(join(to, `${STAGE}-${REGION}`));
    expect(templatesIn(built)).toEqual(templates);
    const resources = (template: RawTemplate | undefined) =>
      Object.entries(template?.Resources ?? {}).map(([id, { Type }]) => `${Type} ${id}`);
    expect(Object.keys(templates)).toHaveLength(Object.keys(stacks).length);
    for (const [id, template] of Object.entries(stacks)) {
      // A version's id has a hash of the code.
      const others = (all: string[]) => all.filter((one) => !one.startsWith("AWS::Lambda::Version ")).sort();
      const name = `${STAGE}-notejam-${id}.template.json`;
      expect(others(resources(templates[name]))).toEqual(others(resources(template)));
    }
    for (const { id, entry } of MADE_IN_PRODUCTION) {
      const functions = Object.entries(templates[`${STAGE}-notejam-app.template.json`]?.Resources ?? {});
      const [, made] =
        functions.find(
          ([name, { Type }]) =>
            Type === "AWS::Lambda::Function" && name.startsWith(id) && name.length === id.length + 8,
        ) ?? [];
      expect(made?.Properties).toMatchObject({
        Runtime: "nodejs24.x",
        Handler: `packages/functions/src/${entry}.handler`,
      });
    }
    for (const name of Object.keys(templates))
      expect(synthesised.stdout).toContain(`/${STAGE}-${REGION}/${name}\n`);
    expect(synthesised.stdout).toMatch(/SHA-256 [0-9a-f]{64}\n$/);
    expect(readdirSync(folder).sort()).toEqual(["built", "synth"]);
  },
  THREE_SYNTHESES_MS,
);

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
  const release = takeLock(`${to}.lock`, String);

  const { code, stdout, stderr } = await synth();
  release();

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    new RegExp(`^Another synthesis \\(process ${process.pid}\\) is writing to .*synth\\. .*\\n$`),
  );
  expect(readdirSync(folder)).toEqual([]);
});
