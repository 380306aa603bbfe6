// What is told and kept of calls.
import { ExecuteStatementCommand } from "@aws-sdk/client-rds-data";
import { LIMITS, startDataApi } from "@notejam/data-api";
import { beforeEach, describe, expect, test } from "vitest";
import { ARNS, blob, clientOf, DataApi, ENGINES, emptyDatabase, long, nothing, text } from "./harness.ts";

describe.each(ENGINES)("a call over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });

  test("is recorded with what ran and how long it took, and never a parameter's value", async () => {
    await api.execute("select :secret", [text("secret", "hunter2")]);
    const call = api.calls.at(-1);
    expect(call).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      operation: "ExecuteStatement",
      database: "notejam",
      sql: "select :secret",
      status: 200,
      ms: expect.any(Number),
      latencyMs: 0,
      waitMs: expect.any(Number),
      databaseMs: expect.any(Number),
      rows: 1,
      requestBytes: expect.any(Number),
      responseBytes: '{"numberOfRecordsUpdated":0,"records":[[{"stringValue":"hunter2"}]]}'.length,
      largestRowBytes: '[{"stringValue":"hunter2"}]'.length,
    });
    expect(JSON.stringify([api.calls, api.server.calls.last])).not.toContain("hunter2");
  });

  test("that failed is recorded with its error, and its transaction", async () => {
    const transactionId = await api.begin();
    await expect(api.execute("select 1 / 0", [], { transactionId })).rejects.toThrow();
    await api.rollback(transactionId);
    const database = "notejam";
    expect(api.calls.slice(-3)).toMatchObject([
      { operation: "BeginTransaction", status: 200, transactionId, database },
      {
        operation: "ExecuteStatement",
        status: 400,
        errorType: "DatabaseErrorException",
        sqlState: "22012",
        transactionId,
        database,
      },
      { operation: "RollbackTransaction", status: 200, transactionId, database },
    ]);
  });

  test("that was refused names no database that it ran in", async () => {
    await expect(api.execute("select :missing")).rejects.toThrow();
    expect(api.calls.at(-1)).toMatchObject({ status: 400, errorType: "ValidationException", databaseMs: 0 });
    expect(api.calls.at(-1)).not.toHaveProperty("database");
  });

  test("tells how many rows it changed", async () => {
    await api.execute("create table counted (n int4)");
    await api.execute("insert into counted values (1), (2)");
    expect(api.calls.at(-1)).toMatchObject({ recordsUpdated: 2 });
    await api.batch("insert into counted values (:n)", [[long("n", 3)], [long("n", 4)], [long("n", 5)]]);
    expect(api.calls.at(-1)).toMatchObject({ recordsUpdated: 3 });
    await api.execute("select n from counted");
    expect(api.calls.at(-1)).toMatchObject({ rows: 5 });
  });

  test("spends its time where the work is", async () => {
    await api.execute("select pg_sleep(0.05)::text");
    const { ms, waitMs, databaseMs } = api.calls.at(-1) ?? expect.fail();
    expect(databaseMs).toBeGreaterThanOrEqual(50);
    // No part is told twice.
    expect(ms).toBeGreaterThanOrEqual(databaseMs + waitMs);
  });
});

describe("over the one backend of PGlite", () => {
  const api = new DataApi("pglite", { oneForAll: true });

  test("the time until a session is free is recorded by itself", async () => {
    const transactionId = await api.begin();
    const other = api.execute("select 1");
    await api.begun();
    await api.execute("select pg_sleep(0.05)::text", [], { transactionId });
    await api.rollback(transactionId);
    await other;
    const { ms, waitMs, databaseMs } = api.calls.at(-1) ?? expect.fail();
    expect(waitMs).toBeGreaterThanOrEqual(50);
    expect(ms).toBeGreaterThanOrEqual(waitMs + databaseMs);
  });
});

test("a fault of the server itself is a 500 to its caller, and reported whole to `onError`", async () => {
  const broken = new Error("the clock has stopped");
  const told: unknown[] = [];
  const server = await startDataApi({
    databases: { app: { kind: "postgres", url: await emptyDatabase() } },
    clock: {
      now: () => 0,
      after(ms) {
        if (ms === LIMITS.callMs) throw broken;
        return { cancel() {} };
      },
    },
    onError: (error) => told.push(error),
  });
  await expect(
    clientOf(server).send(new ExecuteStatementCommand({ ...ARNS, sql: "select 1" })),
  ).rejects.toMatchObject({ name: "InternalServerErrorException", message: "the clock has stopped" });
  await expect(
    clientOf(server).send(new ExecuteStatementCommand({ ...ARNS, sql: "" })),
  ).rejects.toMatchObject({ name: "ValidationException" });
  await server.close();
  expect(told).toEqual([broken]);
});

describe("parameters, where they are recorded", () => {
  const recording = new DataApi("postgres", { recordParameters: true });

  test("are recorded as the request gave them, a blob by its length", async () => {
    await recording.execute("select :a, :b, :c::text, :d", [
      text("a", "2024-05-01", "DATE"),
      long("b", 7),
      nothing("c"),
      blob("d", Buffer.from("four")),
    ]);
    expect(recording.calls.at(-1)?.parameters).toEqual([
      [
        { name: "a", typeHint: "DATE", value: { stringValue: "2024-05-01" } },
        { name: "b", value: { longValue: 7 } },
        { name: "c", value: { isNull: true } },
        { name: "d", value: { blobValue: { bytes: 4 } } },
      ],
    ]);
  });

  test("are recorded for each set of a batch, and for a call that fails", async () => {
    await expect(recording.batch("nonsense :n", [[long("n", 1)], [long("n", 2)]])).rejects.toThrow();
    expect(recording.calls.at(-1)?.parameters).toEqual([
      [{ name: "n", value: { longValue: 1 } }],
      [{ name: "n", value: { longValue: 2 } }],
    ]);
  });

  test("keep every digit, and can be written as JSON", async () => {
    const parameters = [{ name: "n", value: { longValue: Number.MAX_SAFE_INTEGER } }];
    const body = JSON.stringify({ ...ARNS, sql: "select :n", parameters }).replace(
      String(Number.MAX_SAFE_INTEGER),
      "9223372036854775807",
    );
    expect(await recording.post("/Execute", body)).toMatchObject({ status: 200 });
    expect(JSON.parse(JSON.stringify(recording.calls.at(-1)))).toMatchObject({
      parameters: [[{ value: { longValue: "9223372036854775807" } }]],
    });
  });

  test("are cut where they are long", async () => {
    await recording.execute("select length(:t)", [text("t", "x".repeat(100_000))]);
    const [[parameter] = []] = recording.calls.at(-1)?.parameters ?? [];
    expect(parameter).toEqual({
      name: "t",
      value: { stringValue: `${"x".repeat(1_024)}… (100000 characters)` },
    });
  });
});

describe("the log of calls", () => {
  const api = new DataApi("postgres");
  beforeEach(() => api.server.calls.clear());

  test("counts by operation, status, error and fault", async () => {
    api.server.faults.plan({ kind: "drop", when: "before", matching: "dropped" });
    await api.execute("select 1");
    await api.execute("select 2");
    await api.rollback(await api.begin());
    await expect(api.execute("nonsense")).rejects.toThrow();
    await expect(api.execute("select 'dropped'")).rejects.toThrow();
    await expect(api.commit("unknown")).rejects.toThrow();
    expect(api.server.calls.counts).toEqual({
      all: 7,
      operations: { ExecuteStatement: 4, BeginTransaction: 1, RollbackTransaction: 1, CommitTransaction: 1 },
      statuses: { 200: 4, 400: 1, 404: 1, 0: 1 },
      errors: { DatabaseErrorException: 1, TransactionNotFoundException: 1 },
      faults: { drop: 1 },
    });
  });

  test("keeps the last 1,000, the oldest first, and counts on", async () => {
    for (let n = 1; n <= 1_010; n++) await api.execute(`select ${n}`);
    const { last, counts } = api.server.calls;
    expect(last.map(({ sql }) => sql)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `select ${index + 11}`),
    );
    expect(counts.all).toBe(1_010);
  });

  test("is empty where it was cleared, and what was taken from it stays as it was", async () => {
    await api.execute("select 1");
    const { counts, last } = api.server.calls;
    await api.execute("select 1");
    api.server.calls.clear();
    await api.execute("select 2");
    expect([counts.all, last.map(({ sql }) => sql)]).toEqual([1, ["select 1"]]);
    expect(api.server.calls.last.map(({ sql }) => sql)).toEqual(["select 2"]);
    expect(api.server.calls.counts.all).toBe(1);
  });

  test("has no request that is no call", async () => {
    await api.post("/nowhere", "{}");
    await api.post("/Execute", "{}", { authorization: undefined });
    expect(api.server.calls.counts.all).toBe(0);
  });
});
