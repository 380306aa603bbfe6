import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VisibleError } from "sst/error.js";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import config from "../../sst.config.ts";
import { startAccount } from "../testing/aws.ts";
import { UNSET } from "../testing/command.ts";
import { ScratchRepository } from "../testing/scratch-repository.ts";
import { commitOf } from "./commit.ts";

/** SST passes its whole command line on. */
type Given = Parameters<typeof config.config>[0];

const repository = new ScratchRepository();
const commit = repository.commit("First");
const account = await startAccount("999988887777");
afterAll(() => repository.remove());
beforeEach(() => {
  // Another file of the same process may have set them.
  for (const name of Object.keys(UNSET)) vi.stubEnv(name, undefined);
  return () => vi.unstubAllEnvs();
});

const ofStaging = (root = repository.root) => commitOf("staging", root);

test("a fixed stage is deployed from the commit that is checked out", () => {
  expect(ofStaging()).toBe(commit);
});

test("a deployment without credentials says so in one sentence", async () => {
  for (const name of Object.keys(account.environment)) vi.stubEnv(name, undefined);
  vi.stubEnv("NOTEJAM_MAIL_FROM", "a@example.com");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(repository.root, "none"));
  vi.stubEnv("AWS_CONFIG_FILE", join(repository.root, "none"));

  const deployed = config.config({ stage: "dev", region: "eu-west-1", _: ["deploy"] } as Given);

  await expect(deployed).rejects.toThrow(/^CloudFormation does not say what is deployed: .*credentials/);
  await expect(deployed).rejects.toThrow(VisibleError);
});

describe("SST's stacks are told", () => {
  const told = async (command: string, stage: string) => {
    vi.stubEnv("NOTEJAM_MAIL_FROM", "a@example.com");
    for (const [name, value] of Object.entries(account.environment)) vi.stubEnv(name, value);
    vi.spyOn(process, "cwd").mockReturnValue(repository.root);
    await config.config({ stage, region: "eu-west-1", _: [command] } as Given);
    vi.restoreAllMocks();
    return process.env.NOTEJAM_RELEASE;
  };

  test.each(["staging", "dev"])("in a deployment of %s", async (stage) => {
    expect(await told("deploy", stage)).toBe(commit);
  });

  test.each([
    { command: "build", stage: "staging", why: "the same code gives the same template" },
    { command: "deploy", stage: "ana", why: "a person's stage keeps no record" },
    { command: "deploy", stage: "vault", why: "the vaults have no code" },
  ])("nothing by `sst $command --stage $stage`: $why", async ({ command, stage }) => {
    expect(await told(command, stage)).toBeUndefined();
  });
});

test("settings are facts of the stage, and no part of a commit", () => {
  repository.write(".env.staging", "NOTEJAM_TIME_ZONE=UTC\n");

  expect(ofStaging()).toBe(commit);
});

test("changes that are not committed are refused, because no rollback could find them", () => {
  repository.write("code/index.js", "changed");
  repository.write("new.ts", "");

  expect(() => ofStaging(join(repository.root, "sst"))).toThrow(/^staging is deployed from a commit, so/);
  expect(() => ofStaging()).toThrow(VisibleError);
  expect(() => ofStaging()).toThrow(
    "staging is deployed from a commit, so that a rollback finds it: commit code/index.js and 1 more first, or take it away.",
  );
});

test("whoever deploys may name the commit, where git does not know", () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-no-checkout-"));

  expect(() => ofStaging(folder)).toThrow(/^staging is deployed from a commit, and git does not know which/);
  vi.stubEnv("NOTEJAM_RELEASE", commit);
  expect(ofStaging(folder)).toBe(commit);
  rmSync(folder, { recursive: true });
});
