// The admin endpoint and its client: faults and the log of calls, for tests in another process than the server.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ServiceUnavailableError } from "@aws-sdk/client-rds-data";
import type { Fault } from "@notejam/data-api";
import { type Admin, AdminError, connectAdmin } from "@notejam/data-api/admin";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DataApi, gone, text } from "./harness.ts";

const api = new DataApi("postgres", {
  seed: 7,
  latency: { kind: "constant", ms: 0 },
  recordParameters: true,
});
let admin: Admin;
beforeAll(() => {
  admin = connectAdmin(api.server.url);
});
beforeEach(() => {
  api.server.faults.clear();
  api.server.calls.clear();
});

describe("the client", () => {
  test("plans a fault, pattern and flags included", async () => {
    await admin.faults.plan({ kind: "status", status: 503, when: "before", matching: /SELECT 1/i, times: 2 });
    await api.execute("select 2");
    await expect(api.execute("select 1")).rejects.toThrow(ServiceUnavailableError);
    expect(await admin.faults.list()).toMatchObject({
      planned: [{ matching: { source: "SELECT 1", flags: "i" }, times: 2, struck: 1 }],
    });
    expect(await admin.faults.clear()).toBe(1);
    expect(await admin.faults.clear()).toBe(0);
    await api.execute("select 1");
  });

  test("plans the database's own errors and the service's, which are counted by their kinds", async () => {
    await admin.faults.plan({ kind: "sql-state", sqlState: "57P01", when: "before", matching: /shut/ });
    await admin.faults.plan({ kind: "error", type: "SecretsErrorException", matching: /secret/ });
    await expect(api.execute("select 'shut'")).rejects.toThrow(/SQLState: 57P01$/);
    await expect(api.execute("select 'secret'")).rejects.toMatchObject({ name: "SecretsErrorException" });
    expect(await admin.calls.counts()).toMatchObject({
      faults: { "sql-state": 1, error: 1 },
      errors: { DatabaseErrorException: 1, SecretsErrorException: 1 },
    });
  });

  test("lets the cluster wake up, and fail over", async () => {
    await admin.faults.resuming({ calls: 1 });
    await expect(api.execute("select 1")).rejects.toMatchObject({ name: "DatabaseResumingException" });
    const transactionId = await api.begin();
    await admin.faults.failover({ ms: 1_000 });
    await expect(api.execute("select 1")).rejects.toMatchObject({ name: "DatabaseUnavailableException" });
    expect(await admin.faults.list()).toMatchObject({ failover: { ms: 1_000 } });
    api.clock.advance(1_000);
    await expect(api.commit(transactionId)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
  });

  test("sets the latency and the seed", async () => {
    await admin.faults.setLatency({ kind: "uniform", minMs: 1, maxMs: 2 });
    await admin.faults.setSeed(12);
    const there = { seed: 12, latency: { kind: "uniform", minMs: 1, maxMs: 2 }, planned: [] };
    expect(await admin.faults.list()).toEqual(there);
    expect(api.server.faults.list()).toEqual(there);
    await admin.faults.setLatency(undefined);
    expect(await admin.faults.list()).toEqual({ seed: 12, planned: [] });
    await admin.faults.clear();
    expect(await admin.faults.list()).toMatchObject({ latency: { kind: "constant", ms: 0 } });
  });

  test("reads and forgets the calls, whatever is in them", async () => {
    await api.execute("select :t", [text("t", "é\u2028")]);
    await api.execute("select :n", [{ name: "n", value: { longValue: Number.MAX_SAFE_INTEGER } }]);
    await expect(api.execute("nonsense")).rejects.toThrow();
    expect(await admin.calls.counts()).toEqual(api.server.calls.counts);
    expect(await admin.calls.last()).toEqual(api.server.calls.last);
    expect(await admin.calls.last()).toMatchObject([
      { sql: "select :t" },
      { sql: "select :n" },
      { status: 400 },
    ]);
    await admin.calls.clear();
    expect(await admin.calls.counts()).toMatchObject({ all: 0 });
    expect(await admin.calls.last()).toEqual([]);
  });

  test("refuses what is wrong, with the words of the server's own process", async () => {
    await expect(admin.faults.plan({ kind: "drop" } as Fault)).rejects.toThrow(
      new AdminError(400, "fault.when must be one of before, after."),
    );
    await expect(admin.faults.plan({ kind: "drop", when: "after", times: 0 })).rejects.toMatchObject({
      name: "AdminError",
      status: 400,
      message: 'fault.times must be a whole number from 1, or "always".',
    });
    await expect(admin.faults.setSeed(0.5)).rejects.toThrow(/^seed must be/);
    await expect(admin.faults.setLatency({ kind: "constant", ms: Number.NaN })).rejects.toThrow(
      /^latency\.ms/,
    );
    await expect(admin.faults.resuming({} as { ms: number })).rejects.toThrow(/^resuming must have/);
    await expect(admin.faults.failover({ ms: -1 })).rejects.toThrow(/^failover\.ms must be/);
    expect(await admin.faults.list()).toMatchObject({ seed: expect.any(Number), planned: [] });
  });

  test("says that there is no server", async () => {
    await expect(connectAdmin("http://127.0.0.1:1").faults.list()).rejects.toThrow(TypeError);
    await expect(connectAdmin("nowhere").faults.list()).rejects.toThrow(TypeError);
  });

  test("loads no database into the process that uses it", async () => {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { connectAdmin } = await import("@notejam/data-api/admin");
      await connectAdmin(process.argv[1]).faults.plan({ kind: "drop", when: "before" });
      process.stdout.write(JSON.stringify(loaded));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script, api.server.url],
      { cwd: import.meta.dirname },
    );
    const files = (JSON.parse(stdout) as string[]).map((url) => url.replace(/^.*\/data-api\/src\//, ""));
    expect(files).toEqual(["http/admin/client.ts", "http/admin/protocol.ts"]);
    expect(api.server.faults.clear()).toBe(1);
  });
});

describe("the endpoint", () => {
  const asked = (method: string, path: string, body: unknown = undefined, headers = {}) =>
    api.post(path, body === undefined ? "" : JSON.stringify(body), headers, method);

  test("is let in to as every request is, and changes nothing otherwise", async () => {
    const plan = { plan: { kind: "drop", when: "before" } };
    for (const [headers, status] of [
      [{ origin: "http://localhost:3000" }, 403],
      [{ authorization: undefined }, 403],
      [{ "content-type": "text/plain" }, 415],
      [{ "content-type": undefined }, 415],
    ] as const) {
      expect(await asked("POST", "/admin/faults", plan, headers)).toMatchObject({ status });
    }
    for (const method of ["GET", "DELETE"]) {
      for (const path of ["/admin/faults", "/admin/calls"]) {
        expect(await asked(method, path, undefined, { origin: "null" })).toMatchObject({ status: 403 });
        expect(await asked(method, path, undefined, { authorization: undefined })).toMatchObject({
          status: 403,
        });
      }
    }
    await api.execute("select 1");
  });

  test("needs no content type where there is no content", async () => {
    for (const method of ["GET", "DELETE"]) {
      const answer = await asked(method, "/admin/faults", undefined, { "content-type": undefined });
      expect(answer).toMatchObject({ status: 200 });
    }
  });

  test.each(["/admin/", "/admin/fault", "/admin/faults/", "/admin/faults?x", "/admin/constructor"])(
    "knows no %s",
    async (path) => {
      expect(await asked("GET", path)).toMatchObject({
        status: 404,
        type: "UnknownOperationException",
        body: { message: `Unknown path ${path}. The paths are /admin/faults and /admin/calls.` },
      });
    },
  );

  test.each([
    ["PUT", "/admin/faults", "GET, POST, DELETE"],
    ["POST", "/admin/calls", "GET, DELETE"],
  ])("knows no %s of %s, and says what it knows", async (method, path, allow) => {
    const response = await fetch(api.server.url + path, {
      method,
      headers: { authorization: "AWS4-HMAC-SHA256 Signature=0", "content-type": "application/json" },
      body: "{}",
    });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(await response.json()).toEqual({
      message: `${path} does not allow ${method}. It allows ${allow}.`,
    });
  });

  test.each([
    [undefined, "SerializationException", "The body is not valid JSON."],
    [null, "ValidationException", "the request must be an object."],
    [
      {},
      "ValidationException",
      "the request must have exactly one of plan, resuming, failover, latency, seed.",
    ],
    [
      { seed: 1, latency: null },
      "ValidationException",
      "the request must have exactly one of plan, resuming, failover, latency, seed.",
    ],
    [
      { faults: [] },
      "ValidationException",
      "the request has no member faults: it may have plan, resuming, failover, latency, seed.",
    ],
    [{ plan: [] }, "ValidationException", "fault must be an object."],
    [{ resuming: null }, "ValidationException", "resuming must be an object."],
    [{ failover: 5 }, "ValidationException", "failover must be an object."],
    [{ seed: "7" }, "ValidationException", "seed must be a whole number from 0 to 4294967295."],
  ])("refuses %j", async (body, type, message) => {
    expect(await asked("POST", "/admin/faults", body)).toMatchObject({
      status: 400,
      type,
      body: { message },
    });
  });

  test("refuses a body over the limit, as everywhere", async () => {
    const plan = { plan: { kind: "drop", when: "before", matching: "x".repeat(4 * 1024 * 1024) } };
    expect(await asked("POST", "/admin/faults", plan)).toMatchObject({ status: 413 });
  });

  test("is struck by no fault, cut by no failover, and counted nowhere", async () => {
    api.server.faults.plan({ kind: "drop", when: "before", times: "always" });
    api.server.faults.setLatency({ kind: "constant", ms: 500 });
    expect((await admin.faults.list()).planned).toHaveLength(1);
    const waiting = expect(api.execute("select 1")).rejects.toThrow(gone);
    await api.delayed();
    await admin.faults.failover({ ms: 60_000 });
    await waiting;
    expect(await admin.calls.counts()).toMatchObject({ all: 1, faults: { failover: 1 } });
  });
});
