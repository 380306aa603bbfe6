// Production's account. What AWS answers about credentials comes from loopback.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { stageOf } from "../stage/stage.ts";
import { preparedAccount } from "../synthesis/prepared-account.ts";
import { run } from "../testing/command.ts";
import { refuseWrongAccount } from "./production-account.ts";

const ACCOUNT = "111122223333";
const ANOTHER = "444455556666";
const aws = await preparedAccount(ACCOUNT);
afterAll(() => aws.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
});
const region = "eu-west-1";

test("production is deployed into its own account, and other stages into others", async () => {
  await refuseWrongAccount(stageOf("production"), ACCOUNT, { region });
  for (const name of ["staging", "ana"]) await refuseWrongAccount(stageOf(name), ANOTHER, { region });
});

test("production elsewhere is refused, with both accounts and the variable", async () => {
  await expect(refuseWrongAccount(stageOf("production"), ANOTHER, { region })).rejects.toThrow(
    `production can't be deployed into the account ${ACCOUNT}: NOTEJAM_PRODUCTION_ACCOUNT is ${ANOTHER}.`,
  );
});

test.each(["staging", "dev", "ana", "pr-12"])("%s in production's account is refused", async (name) => {
  await expect(refuseWrongAccount(stageOf(name), ACCOUNT, { region })).rejects.toThrow(
    `${name} can't be deployed into the account of production: NOTEJAM_PRODUCTION_ACCOUNT is ${ACCOUNT}.`,
  );
});

test("without a configured account nothing is asked", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");

  await refuseWrongAccount(stageOf("ana"), undefined, { region });
});

test("credentials that AWS does not accept are said to be so", async () => {
  const server = createServer((_, response) => {
    response
      .writeHead(403)
      .end(
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token has expired</Message></Error></ErrorResponse>",
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  const refusal = refuseWrongAccount(stageOf("ana"), ACCOUNT, { region });

  await expect(refusal).rejects.toThrow(
    "AWS can't be asked: it refuses the credentials (ExpiredToken). Renew them, for example with `aws sso login`.",
  );
  server.close();
});

test("sst itself asks who it is before anything else, and stops", async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    asked.push(form.get("Action") ?? "");
    response.end(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const { code, stdout, stderr } = await run(
    "node_modules/sst/cli/sst.js",
    ["deploy", "--stage", "ana", "--region", region],
    {
      ...aws.environment,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      NOTEJAM_PRODUCTION_ACCOUNT: ACCOUNT,
    },
  );

  server.close();
  expect(code).toBe(1);
  expect(stdout + stderr).toContain("ana can't be deployed into the account of production");
  expect(asked).toEqual(["GetCallerIdentity"]);
});
