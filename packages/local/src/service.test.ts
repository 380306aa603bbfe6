import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import { FUNCTION_NAMES } from "@notejam/functions/functions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SECRET_ARNS } from "./application-role.ts";
import type { FunctionModules } from "./build.ts";
import { deviceKeyOf } from "./device-key.ts";
import type { Backend } from "./front.ts";
import { Service } from "./service.ts";

const dataDir = mkdtempSync(join(tmpdir(), "notejam-service-"));
const service = new Service({ port: 0, dataDir, databaseUrl: undefined }, () => undefined);
let backend: Backend;
/** What the functions of this start know. */
let environment: Record<string, string>;

beforeAll(async () => {
  const module = new URL("./aws/testing/handler.ts", import.meta.url);
  const modules = Object.fromEntries(FUNCTION_NAMES.map((name) => [name, module])) as FunctionModules;
  await service.start({
    functions: async () => modules,
    front: {
      take: async () => undefined,
      prepare: async () => undefined,
      open(opened) {
        backend = opened;
        return "http://localhost:3000";
      },
      close: async () => undefined,
    },
  });
  const rawHeaders = ["x-do", JSON.stringify({ environment: true })];
  const answer = await backend.api.respond({
    method: "GET",
    target: "/",
    rawHeaders,
    body: Buffer.alloc(0),
    sourceIp: "127.0.0.1",
  });
  environment = JSON.parse(String(answer.body));
});

afterAll(async () => {
  await service.close();
  rmSync(dataDir, { recursive: true });
});

const keyInFile = () => JSON.parse(readFileSync(join(dataDir, "service.json"), "utf8")).key;

const signedBy = (key: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261201/local/any/aws4_request, SignedHeaders=host, Signature=0`,
  "content-type": "application/json",
});

test("the key of devices' cookies is in a file that only its user can read, and is the same after a restart", () => {
  const file = join(dataDir, "device-key");

  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(environment[ENV.deviceKeys]).toBe(readFileSync(file, "utf8"));
  expect(deviceKeyOf(dataDir)).toBe(environment[ENV.deviceKeys]);
});

/** What any user of the machine can ask: of the database, of a secret, of a function. */
const REQUESTS = [
  {
    what: "a statement",
    endpoint: "AWS_ENDPOINT_URL_RDS_DATA",
    path: "/Execute",
    body: {
      resourceArn: "arn:aws:rds:local:000000000000:cluster:notejam",
      secretArn: SECRET_ARNS.owner,
      sql: "select 1",
    },
  },
  {
    what: "the database's faults",
    endpoint: "AWS_ENDPOINT_URL_RDS_DATA",
    path: "/admin/faults",
    body: { seed: 1 },
  },
  {
    what: "a secret",
    endpoint: "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    path: "/",
    headers: { "x-amz-target": "secretsmanager.GetSecretValue" },
    body: { SecretId: SECRET_ARNS.application },
  },
  {
    what: "an event",
    endpoint: "AWS_ENDPOINT_URL_LAMBDA",
    path: "/2015-03-31/functions/api/invocations",
    body: {},
  },
];

describe("the key of a start", () => {
  test("is in a file that only its user can read, and goes with the service", () => {
    expect(statSync(join(dataDir, "service.json")).mode & 0o777).toBe(0o600);
    expect(keyInFile()).toMatch(/^[\w-]{43}$/);
  });

  test.each(REQUESTS)("is asked for by $what", async ({ endpoint, path, headers, body }) => {
    const ask = async (key: string) => {
      const answer = await fetch(environment[endpoint] + path, {
        method: "POST",
        headers: { ...signedBy(key), ...headers },
        body: JSON.stringify(body),
      });
      return answer.status;
    };

    expect(await ask("example")).toBe(403);
    expect(await ask("")).toBe(403);
    expect(await ask(keyInFile())).toBe(200);
  });
});
