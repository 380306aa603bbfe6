// What is the engines' own: one backend that others wait for, statements that are stopped, connections that are lost,
// a session that the next caller must not find as it was left.
import { startDataApi } from "@notejam/data-api";
import { describe, expect, inject, test } from "vitest";
import { DataApi, ENGINES, embedded, long } from "./harness.ts";

const SECOND = 1_000;
/** Runs until it is stopped. */
const ENDLESS = "select count(*) from generate_series(1, 1000000000) a";

describe.each(ENGINES)("a statement over its time, over %s", (engine) => {
  const api = new DataApi(engine, { dataDir: true });

  test("is stopped after 45 seconds, and the server goes on [doc]", async () => {
    await api.execute("create table kept (n int4)");
    await api.execute("insert into kept values (1)");
    const endless = expect(api.execute(ENDLESS)).rejects.toMatchObject({
      name: "StatementTimeoutException",
      message: expect.stringContaining("SQLState: 57014"),
      $metadata: { httpStatusCode: 400 },
    });
    await api.running(ENDLESS);
    api.clock.advance(45 * SECOND);
    await endless;
    expect(await api.value("select count(*) from kept")).toEqual({ longValue: 1 });
  });

  test("in a transaction takes what was written in it along", async () => {
    const transactionId = await api.begin();
    await api.execute("create table undone (n int4)", [], { transactionId });
    const endless = expect(api.execute(ENDLESS, [], { transactionId })).rejects.toMatchObject({
      name: "StatementTimeoutException",
    });
    await api.running(ENDLESS);
    api.clock.advance(45 * SECOND);
    await endless;
    await expect(api.commit(transactionId)).rejects.toThrow(/25P02|is not found/);
    expect(await api.value("select to_regclass('undone')::text")).toEqual({ isNull: true });
  });

  test("is stopped also where it is one of many short ones in a batch", async () => {
    await api.execute("create table many (n int4)");
    const sets = Array.from({ length: 10_000 }, (_, n) => [long("n", n)]);
    const batch = expect(api.batch("insert into many values (:n)", sets)).rejects.toMatchObject({
      name: "StatementTimeoutException",
      message: expect.stringContaining("SQLState: 57014"),
    });
    await api.begun();
    api.clock.advance(45 * SECOND);
    await batch;
    expect(await api.value("select count(*) < 10000 from many")).toEqual({ booleanValue: true });
  });

  test("goes on where continueAfterTimeout says so, and its answer comes in time", async () => {
    await api.execute("create table slow (n int4)");
    const sql = "insert into slow select count(*) from generate_series(1, 3000000)";
    const answer = expect(api.execute(sql, [], { continueAfterTimeout: true })).rejects.toMatchObject({
      name: "StatementTimeoutException",
    });
    await api.running(sql);
    api.clock.advance(45 * SECOND);
    await answer;
    await expect
      .poll(() => api.value("select count(*) from slow"), { timeout: 20_000 })
      .toEqual({ longValue: 1 });
  });
});

describe.each(ENGINES)("a transaction over %s whose time is over", (engine) => {
  const api = new DataApi(engine);

  test("while a statement runs ends with the statement", async () => {
    const transactionId = await api.begin();
    const sql = "select pg_sleep(0.3)::text";
    const options = { transactionId, continueAfterTimeout: true };
    const answer = expect(api.execute(sql, [], options)).rejects.toMatchObject({
      name: "StatementTimeoutException",
    });
    await api.running(sql);
    api.clock.advance(24 * 3600 * SECOND);
    await answer;
    const next = () => api.execute("select 1", [], { transactionId }).catch(({ name }) => name);
    await expect.poll(next, { timeout: 10_000 }).toBe("TransactionNotFoundException");
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });
});

describe.each(ENGINES)("a server over %s that is closed", (engine) => {
  const api = new DataApi(engine);

  test("does not wait for what runs", async () => {
    const cut = expect(api.execute(ENDLESS)).rejects.toThrow();
    await api.running(ENDLESS);
    await api.server.close();
    await cut;
    await expect.poll(() => api.calls.at(-1)).toMatchObject({ sql: ENDLESS, status: 0 });
    await expect(api.execute("select 1")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("the one backend of PGlite", () => {
  const api = new DataApi("pglite");

  test("makes a call outside a transaction wait for the transaction's end", async () => {
    await api.execute("create table queued (n int4)");
    const transactionId = await api.begin();
    const outside = api.execute("insert into queued values (2)");
    await api.begun();
    expect(await api.value("select count(*) from queued", [], { transactionId })).toEqual({ longValue: 0 });
    await api.commit(transactionId);
    expect(await outside).toMatchObject({ numberOfRecordsUpdated: 1 });
  });

  test("gives up after 45 seconds, so that no client waits for itself for ever", async () => {
    const transactionId = await api.begin();
    const outside = expect(api.execute("select 1")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: expect.stringContaining("SQLState: 53300"),
    });
    await api.begun();
    api.clock.advance(45 * SECOND);
    await outside;
    expect(await api.value("select 1", [], { transactionId })).toEqual({ longValue: 1 });
    await api.rollback(transactionId);
  });

  test("comes free when a transaction that was left behind expires", async () => {
    const left = await api.begin();
    api.clock.advance(136 * SECOND);
    const next = api.begin();
    await api.begun();
    api.clock.advance(44 * SECOND);
    await api.rollback(await next);
    await expect(api.commit(left)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
  });

  test("keeps two transactions apart, one after the other", async () => {
    await api.execute("create table apart (n int4)");
    const insertTwice = async (n: number) => {
      const transactionId = await api.begin();
      for (const value of [n, n]) {
        await api.execute("insert into apart values (:n)", [long("n", value)], { transactionId });
      }
      await (n % 2 ? api.commit(transactionId) : api.rollback(transactionId));
    };
    await Promise.all([1, 2, 3, 4, 5].map(insertTwice));
    expect((await api.execute("select n, count(*) from apart group by n order by n")).records).toEqual(
      [1, 3, 5].map((n) => [{ longValue: n }, { longValue: 2 }]),
    );
  });

  test("in memory, a statement that is stopped takes the database along, and every later call says so", async () => {
    const endless = expect(api.execute(ENDLESS)).rejects.toMatchObject({ name: "StatementTimeoutException" });
    await api.running(ENDLESS);
    api.clock.advance(45 * SECOND);
    await endless;
    await expect(api.execute("select 1")).rejects.toMatchObject({
      name: "DatabaseUnavailableException",
      message: expect.stringContaining("the database in memory ended with it"),
    });
  });
});

test("a dump that is made or waited for when the server is closed fails, as does a later one", async () => {
  const server = await startDataApi({ databases: { notes: await embedded() } });
  const dumps = Promise.allSettled([server.dump(), server.dump()]);
  await server.close();
  const reason = expect.objectContaining({ message: "The server is closing." });
  expect(await dumps).toEqual([1, 2].map(() => ({ status: "rejected", reason })));
  await expect(server.dump()).rejects.toEqual(reason);
});

describe("connections to PostgreSQL", () => {
  const api = new DataApi("postgres");

  test("run calls side by side: a transaction does not hold the others up", async () => {
    await api.execute("create table beside (n int4)");
    const transactionId = await api.begin();
    await api.execute("insert into beside values (1)", [], { transactionId });
    expect(await api.value("select count(*) from beside")).toEqual({ longValue: 0 });
    await api.commit(transactionId);
    expect(await api.value("select count(*) from beside")).toEqual({ longValue: 1 });
  });

  test("that are all held by transactions make a call wait, 45 seconds at most", async () => {
    const open = await Promise.all(Array.from({ length: 10 }, () => api.begin()));
    const refused = expect(api.execute("select 1")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: "FATAL: all 10 connections are in use, by transactions or by calls; SQLState: 53300",
    });
    await api.begun();
    api.clock.advance(45 * SECOND);
    await refused;
    const waiting = api.value("select 1");
    await api.begun();
    await Promise.all(open.map((transactionId) => api.rollback(transactionId)));
    expect(await waiting).toEqual({ longValue: 1 });
  });

  test("that are cut under a statement are a DatabaseUnavailableException, and replaced", async () => {
    const cut = expect(api.execute("select pg_sleep(30)::text")).rejects.toMatchObject({
      name: "DatabaseUnavailableException",
      $metadata: { httpStatusCode: 504 },
    });
    await api.running("select pg_sleep(30)::text");
    await api.terminateOthers();
    await cut;
    // One that was free may be cut as well, and only be noticed when it is used.
    const next = () => api.value("select 1").catch(({ name }) => name);
    await expect.poll(next).toEqual({ longValue: 1 });
  });

  test("that are cut under a waiting transaction end it", async () => {
    const transactionId = await api.begin();
    await api.terminateOthers();
    // The end of the connection may be noticed before the commit or by it.
    await expect(api.commit(transactionId)).rejects.toThrow(/is not found|can't be reached/);
    await expect(api.commit(transactionId)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("heed the statement_timeout that a session sets", async () => {
    const transactionId = await api.begin();
    await api.execute("set local statement_timeout = 20", [], { transactionId });
    await expect(api.execute(ENDLESS, [], { transactionId })).rejects.toMatchObject({
      name: "StatementTimeoutException",
    });
    await api.rollback(transactionId);
  });

  test("can't be dumped: pg_dump is for that", async () => {
    await expect(api.server.dump()).rejects.toThrow("pg_dump");
  });
});

describe("what can't be started", () => {
  test("a server that can't be reached is named, without its password", async () => {
    const url = "postgres://me:hunter2@127.0.0.1:1/notes";
    const started = startDataApi({ databases: { notes: { kind: "postgres", url } } });
    await expect(started).rejects.toMatchObject({
      name: "DatabaseConnectionError",
      message: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:1\/notes can't be reached: .*ECONNREFUSED/),
    });
    await expect(started).rejects.not.toMatchObject({ message: expect.stringContaining("hunter2") });
  });

  test("a wrong password is PostgreSQL's own message", async () => {
    const url = new URL(inject("postgresUrl"));
    url.password = "wrong";
    const databases = { notes: { kind: "postgres", url: url.href } } as const;
    await expect(startDataApi({ databases })).rejects.toMatchObject({
      name: "DatabaseConnectionError",
      message: expect.stringContaining("password authentication failed"),
    });
  });

  test("a port that is taken is the system's error, and the connections are given back", async () => {
    const databases = { notes: { kind: "postgres", url: inject("postgresUrl") } } as const;
    const first = await startDataApi({ databases });
    await expect(startDataApi({ databases, port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
  });
});
