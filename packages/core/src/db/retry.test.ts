import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { giveUpOnTimeout, repeatWhereSafe } from "./retry.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

const named = (name: string, message = "") => Object.assign(new Error(message), { name });

/** How long a request of a browser waits. */
const REQUEST = { waitSeconds: 4 };

/** A call that fails with each of `errors` in turn, and then answers. */
function failing(...errors: Error[]) {
  return vi.fn(async () => {
    const error = errors.shift();
    if (error) throw error;
    return "answer";
  });
}

test("a call to a database that is resuming is repeated, which is always safe", async () => {
  const call = failing(named("DatabaseResumingException"));

  expect(await repeatWhereSafe(call, REQUEST)).toBe("answer");
  expect(call).toHaveBeenCalledTimes(2);
});

test("a database that takes longer to resume is unavailable, with a time to retry", async () => {
  const call = vi.fn(async () => {
    vi.advanceTimersByTime(5000);
    throw named("DatabaseResumingException");
  });

  await expect(repeatWhereSafe(call, REQUEST)).rejects.toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 5,
  });
  expect(call).toHaveBeenCalledTimes(1);
});

const NOT_NOW = [
  ...["28P01", "57P01", "57P02", "57P03", "25006", "53300"].map((state) =>
    named("DatabaseErrorException", `FATAL: not now; SQLState: ${state}`),
  ),
  named("SecretsErrorException"),
  named("InvalidResourceStateException"),
];

describe.each(NOT_NOW)("a database that can't answer at the moment: %s", (error) => {
  test("gets the call again", async () => {
    expect(await repeatWhereSafe(failing(error), REQUEST)).toBe("answer");
  });

  test("does not get a call of a transaction again, because the transaction is lost as a whole", async () => {
    const call = failing(error);

    await expect(repeatWhereSafe(call, { waitSeconds: 30, transaction: true })).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(call).toHaveBeenCalledTimes(1);
  });
});

test("a full disk is unavailable at once, because it needs somebody who makes space", async () => {
  const call = failing(named("DatabaseErrorException", "ERROR: no space; SQLState: 53100"));

  await expect(repeatWhereSafe(call, REQUEST)).rejects.toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 10,
    detail: expect.stringContaining("disk is full"),
  });
  expect(call).toHaveBeenCalledTimes(1);
});

test("a call is repeated for as long as the caller waits", async () => {
  const call = vi.fn(async () => {
    vi.advanceTimersByTime(10_000);
    throw named("SecretsErrorException");
  });

  await expect(repeatWhereSafe(call, { waitSeconds: 30 })).rejects.toMatchObject({ code: "unavailable" });
  expect(call).toHaveBeenCalledTimes(3);
});

test.each(["40001", "40P01"])(
  "a statement that lost against another (%s) is repeated a few times",
  async (state) => {
    const lost = () => named("DatabaseErrorException", `ERROR: lost; SQLState: ${state}`);

    expect(await repeatWhereSafe(failing(lost(), lost()), REQUEST)).toBe("answer");
    await expect(repeatWhereSafe(failing(lost(), lost(), lost(), lost()), REQUEST)).rejects.toMatchObject({
      code: "unavailable",
    });
  },
);

describe("an error that the SDK has already repeated", () => {
  test.each([
    named("ServiceUnavailableError"),
    named("DatabaseUnavailableException"),
    named("InternalServerErrorException"),
    named("StatementTimeoutException"),
    named("CallTimedOut"),
    Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
  ])("is unavailable, with a time to retry: %s", async (error) => {
    const call = failing(error);

    await expect(repeatWhereSafe(call, REQUEST)).rejects.toMatchObject({ code: "unavailable", cause: error });
    expect(call).toHaveBeenCalledTimes(1);
  });
});

test("nothing is repeated once the caller's deadline has passed, however long it would wait", async () => {
  const deadline = new AbortController();
  const call = vi.fn(async () => {
    deadline.abort();
    throw named("DatabaseResumingException");
  });

  const answer = repeatWhereSafe(call, { waitSeconds: 120, deadline: deadline.signal });

  await expect(answer).rejects.toMatchObject({ code: "unavailable" });
  expect(call).toHaveBeenCalledTimes(1);
});

test("a statement that lost in a transaction is not repeated, because the transaction is lost as a whole", async () => {
  const deadlock = named("DatabaseErrorException", "ERROR: deadlock detected; SQLState: 40P01");

  await expect(repeatWhereSafe(failing(deadlock), { ...REQUEST, transaction: true })).rejects.toBe(deadlock);
});

test("a call that times out is sent once", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const asked = vi.fn();
  silent.on("request", asked);
  const { port } = silent.address() as AddressInfo;
  const client = new RDSDataClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
  });
  client.middlewareStack.add((next) => (args) => giveUpOnTimeout(() => next(args)), {
    step: "finalizeRequest",
    priority: "low",
  });

  const call = client.send(
    new ExecuteStatementCommand({ resourceArn: "cluster", secretArn: "secret", sql: "select 1" }),
  );

  await expect(call).rejects.toMatchObject({ name: "CallTimedOut" });
  expect(asked).toHaveBeenCalledTimes(1);
  client.destroy();
  silent.closeAllConnections();
  silent.close();
});

test("any other error is thrown unchanged", async () => {
  const error = named("DatabaseErrorException", "ERROR: syntax error; SQLState: 42601");

  await expect(repeatWhereSafe(failing(error), REQUEST)).rejects.toBe(error);
});
