// `npm run preflight`, run as npm runs it, against AWS on loopback. What it finds is tested in ../preflight.
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { exampleSettings } from "../stage/settings.ts";
import { stageOf } from "../stage/stage.ts";
import { type Answers, type AwsStub, awsStub, Refusal } from "../testing/aws-stub.ts";
import { run } from "../testing/command.ts";
import { ACCOUNT } from "../testing/templates.ts";

let aws: AwsStub | undefined;
afterEach(() => aws?.close());

async function preflight(different: Answers, environment: Record<string, string | undefined> = {}) {
  aws = await awsStub(ACCOUNT, different);
  return run("stacks/commands/preflight.ts", ["--stage", "production", "--region", "eu-west-1"], {
    AWS_PROFILE: undefined,
    ...aws.environment,
    ...exampleSettings(stageOf("production"), ACCOUNT),
    ...environment,
  });
}

test("prints each check, what mends a problem, and the count; the exit code is 1", async () => {
  const { code, stdout } = await preflight({
    GetAccount: () => ({ ProductionAccessEnabled: false, SendingEnabled: true }),
    GetAccountSettings: () =>
      new Refusal("AccessDeniedException", "not authorized to perform: lambda:GetAccountSettings", 403),
  });

  expect(stdout).toContain(
    `production in eu-west-1, account ${ACCOUNT}, as arn:aws:iam::${ACCOUNT}:user/ana\n✓ CDK bootstrap: version 21\n`,
  );
  expect(stdout).toContain(
    "✗ mail: account: SES is in its sandbox: it sends to verified addresses only\n    aws sesv2 ",
  );
  expect(stdout).toContain(
    "? Lambda concurrency: can't be asked: it needs the permission lambda:GetAccountSettings\n",
  );
  expect(stdout).toMatch(/\nFine: 6, problems: 1, not asked: 1\n$/);
  expect(code).toBe(1);
});

test("the exit code is 0 if everything is fine", async () => {
  const { code, stdout } = await preflight({});

  expect(stdout).toMatch(/\nFine: 8, problems: 0, not asked: 0\n$/);
  expect(code).toBe(0);
});

test("production in an account that is not its own is refused, before anything else is asked", async () => {
  const refused = await preflight({}, { NOTEJAM_PRODUCTION_ACCOUNT: "999988887777" });

  expect(refused).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^production in eu-west-1, account [^\n]*\n$/),
  });
  expect(refused.stderr).toMatch(
    /^production can't be deployed into the account \d{12}: NOTEJAM_PRODUCTION_ACCOUNT/,
  );
});

test("expired credentials are told in one sentence", async () => {
  const refused = await preflight({ GetCallerIdentity: () => new Refusal("ExpiredToken", "expired", 403) });

  expect(refused).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "AWS can't be asked: it refuses the credentials (ExpiredToken). Renew them, for example with `aws sso login`.\n",
  });
});

test("an AWS that can't be reached is told in one sentence", async () => {
  // A port on which nobody listens any more.
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));

  const { code, stdout, stderr } = await preflight({}, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^AWS can't be asked: it can't be reached \(ECONNREFUSED.*\)\.\n$/);
});
