// Faults on demand: what the service does on a bad day, and what is left of it.
import { beforeEach, describe, expect, test } from "vitest";
import { DataApi } from "./harness.ts";

const api = new DataApi("postgres");
const count = () => api.value("select count(*) from written").then(({ longValue }) => longValue);

beforeEach(async () => {
  api.server.faults.clear();
  await api.execute("drop table if exists written");
  await api.execute("create table written (n int4)");
});

describe("a planned fault", () => {
  test("before a call: nothing is written", async () => {
    api.server.faults.plan({ kind: "drop", when: "before", matching: /insert/ });
    await expect(api.execute("insert into written values (1)")).rejects.toThrow();
    expect(await count()).toBe(0);
  });

  test("after a call: it is written, and its answer is lost", async () => {
    api.server.faults.plan({ kind: "drop", when: "after", matching: /insert/ });
    await expect(api.execute("insert into written values (1)")).rejects.toThrow();
    expect(await count()).toBe(1);
    expect(api.calls.at(-2)).toMatchObject({
      status: 0,
      responseBytes: 0,
      sql: "insert into written values (1)",
    });
  });

  test.each([
    [500, "InternalServerErrorException"],
    [503, "ServiceUnavailableError"],
    [504, "DatabaseUnavailableException"],
  ] as const)("is a %i %s for the SDK", async (status, name) => {
    api.server.faults.plan({ kind: "status", status, when: "after", matching: /insert/ });
    await expect(api.execute("insert into written values (1)")).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status },
    });
    expect(await count()).toBe(1);
  });

  test("strikes once, in the order of planning, and only what it matches", async () => {
    const { faults } = api.server;
    faults.plan({ kind: "status", status: 503, when: "before", matching: /insert/ });
    faults.plan({ kind: "status", status: 504, when: "before" });
    await expect(api.execute("select 1")).rejects.toMatchObject({ name: "DatabaseUnavailableException" });
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
    await expect(api.execute("insert into written values (1)")).rejects.toMatchObject({
      name: "ServiceUnavailableError",
    });
    expect(await api.execute("insert into written values (1)")).toMatchObject({ numberOfRecordsUpdated: 1 });
  });

  test("meets a commit by the operation's name: it is committed, and nobody knows", async () => {
    const transactionId = await api.begin();
    await api.execute("insert into written values (1)", [], { transactionId });
    api.server.faults.plan({ kind: "drop", when: "after", matching: /^CommitTransaction$/ });
    await expect(api.commit(transactionId)).rejects.toThrow();
    await expect(api.commit(transactionId)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
    expect(await count()).toBe(1);
  });

  test("that did not strike is told by clear", async () => {
    api.server.faults.plan({ kind: "drop", when: "before", matching: /never/ });
    expect(api.server.faults.clear()).toBe(1);
    expect(api.server.faults.clear()).toBe(0);
  });
});

describe("a cluster that wakes up", () => {
  const resuming = { name: "DatabaseResumingException", $metadata: { httpStatusCode: 400 } };

  test("for a number of calls", async () => {
    api.server.faults.resuming({ calls: 2 });
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    await expect(api.begin()).rejects.toMatchObject(resuming);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("for a time", async () => {
    api.server.faults.resuming({ ms: 15_000 });
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    api.clock.advance(14_999);
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    api.clock.advance(1);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });
});
