// Faults on demand: what the service does on a bad day, and what is left of it.
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
} from "@aws-sdk/client-rds-data";
import { type DataApiServer, type Fault, ManualClock, OptionError, startDataApi } from "@notejam/data-api";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { ARNS, clientOf, DataApi, ENGINES, embedded, emptyDatabase, gone, long } from "./harness.ts";

describe.each(ENGINES)("a planned fault over %s", (engine) => {
  const api = new DataApi(engine);
  const insert = (n: number, transactionId?: string) =>
    api.execute("insert into written values (:n)", [long("n", n)], { transactionId });
  const written = async () => {
    const { records } = await api.execute("select n from written order by n");
    return records?.map(([field]) => field?.longValue);
  };

  beforeEach(async () => {
    api.server.faults.clear();
    await api.execute("drop table if exists written");
    await api.execute("create table written (n int4 primary key)");
  });

  describe("that cuts the connection", () => {
    test("before the call: nothing is written", async () => {
      api.server.faults.plan({ kind: "drop", when: "before", matching: /insert/ });
      await expect(insert(1)).rejects.toThrow(gone);
      expect(await written()).toEqual([]);
    });

    test("after the call: it is written, and its answer is lost", async () => {
      api.server.faults.plan({ kind: "drop", when: "after", matching: /insert/ });
      await expect(insert(1)).rejects.toThrow(gone);
      expect(api.calls.at(-1)).toMatchObject({
        status: 0,
        fault: "drop",
        responseBytes: 0,
        recordsUpdated: 1,
      });
      expect(await written()).toEqual([1]);
    });

    test("after a commit: it is committed, and the client does not know", async () => {
      const transactionId = await api.begin();
      await insert(1, transactionId);
      api.server.faults.plan({ kind: "drop", when: "after", matching: /^CommitTransaction$/ });
      await expect(api.commit(transactionId)).rejects.toThrow(gone);
      await expect(api.commit(transactionId)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
      expect(await written()).toEqual([1]);
    });

    test("after a begin: the transaction, whose id no client has, expires", async () => {
      api.server.faults.plan({ kind: "drop", when: "after", matching: "BeginTransaction" });
      await expect(api.begin()).rejects.toThrow(gone);
      api.clock.advance(3 * 60_000);
      expect(await insert(1)).toMatchObject({ numberOfRecordsUpdated: 1 });
    });

    test("after a call that failed: its error is lost as well", async () => {
      api.server.faults.plan({ kind: "drop", when: "after", matching: /nonsense/ });
      await expect(api.execute("nonsense")).rejects.toThrow(gone);
    });
  });

  describe.each([
    [500, "InternalServerErrorException"],
    [503, "ServiceUnavailableError"],
    [504, "DatabaseUnavailableException"],
  ] as const)("that answers %i", (status, name) => {
    const error = { name, $metadata: { httpStatusCode: status } };

    test(`is a ${name} for the SDK, before the call`, async () => {
      api.server.faults.plan({ kind: "status", status, when: "before", matching: /insert/ });
      await expect(insert(1)).rejects.toMatchObject(error);
      expect(await written()).toEqual([]);
    });

    test("and after it", async () => {
      api.server.faults.plan({ kind: "status", status, when: "after", matching: /insert/ });
      await expect(insert(1)).rejects.toMatchObject(error);
      expect(await written()).toEqual([1]);
    });
  });

  test.each([
    ["before", []],
    ["after", [1]],
  ] as const)(
    "that is a statement timeout %s the call says nothing of what was written",
    async (when, rows) => {
      api.server.faults.plan({ kind: "statement-timeout", when, matching: /insert/ });
      await expect(insert(1)).rejects.toMatchObject({
        name: "StatementTimeoutException",
        message: "Request timed out",
        $metadata: { httpStatusCode: 400 },
      });
      expect(await written()).toEqual(rows);
    },
  );

  test.each([
    ["25006", "ERROR: cannot execute INSERT in a read-only transaction"],
    ["28P01", 'FATAL: password authentication failed for user "postgres"'],
    ["40001", "ERROR: could not serialize access due to concurrent update"],
    ["40P01", "ERROR: deadlock detected"],
    ["53300", "FATAL: sorry, too many clients already"],
    ["57P01", "FATAL: terminating connection due to administrator command"],
    ["57P02", "FATAL: terminating connection because of crash of another server process"],
    ["57P03", "FATAL: the database system is starting up"],
    ["XX000", "ERROR: Failed as planned."],
  ])(
    "with SQLSTATE %s is the database's own error, before the call and after it",
    async (sqlState, message) => {
      const error = {
        name: "DatabaseErrorException",
        message: `${message}; SQLState: ${sqlState}`,
        $metadata: { httpStatusCode: 400 },
      };
      api.server.faults.plan({ kind: "sql-state", sqlState, when: "before", matching: /insert/ });
      await expect(insert(1)).rejects.toMatchObject(error);
      expect(await written()).toEqual([]);
      api.server.faults.plan({ kind: "sql-state", sqlState, when: "after", matching: /insert/ });
      await expect(insert(1)).rejects.toMatchObject(error);
      expect(api.calls.at(-1)).toMatchObject({
        fault: "sql-state",
        errorType: "DatabaseErrorException",
        sqlState,
        recordsUpdated: 1,
      });
      expect(await written()).toEqual([1]);
    },
  );

  test("with the SQLSTATE of a time-out is what a time-out is answered with", async () => {
    api.server.faults.plan({ kind: "sql-state", sqlState: "57014", when: "before", matching: /insert/ });
    await expect(insert(1)).rejects.toMatchObject({ name: "StatementTimeoutException" });
  });

  test.each([
    ["AccessDeniedException", 403],
    ["BadRequestException", 400],
    ["DatabaseNotFoundException", 404],
    ["DatabaseResumingException", 400],
    ["DatabaseUnavailableException", 504],
    ["ForbiddenException", 403],
    ["HttpEndpointNotEnabledException", 400],
    ["InternalServerErrorException", 500],
    ["InvalidResourceStateException", 400],
    ["InvalidSecretException", 400],
    ["NotFoundException", 404],
    ["SecretsErrorException", 400],
    ["ServiceUnavailableError", 503],
    ["StatementTimeoutException", 400],
    ["UnsupportedResultException", 400],
  ] as const)("that answers %s is that error for the SDK, with its status", async (type, status) => {
    api.server.faults.plan({ kind: "error", type, matching: /insert/ });
    await expect(insert(1)).rejects.toMatchObject({
      name: type,
      message: expect.stringMatching(/./),
      $metadata: { httpStatusCode: status },
    });
    expect(api.calls.at(-1)).toMatchObject({ fault: "error", errorType: type, status });
    expect(await written()).toEqual([]);
  });

  test("that answers a named error after the call leaves what it did", async () => {
    const fault = { kind: "error", type: "InternalServerErrorException", when: "after" } as const;
    api.server.faults.plan({ ...fault, matching: /insert/ });
    await expect(insert(1)).rejects.toMatchObject({ name: "InternalServerErrorException" });
    expect(await written()).toEqual([1]);
  });

  describe("that loses the transaction", () => {
    const notFound = { name: "TransactionNotFoundException", $metadata: { httpStatusCode: 404 } };

    test("rolls back what was done in it, and the id is unknown from then on", async () => {
      const transactionId = await api.begin();
      await insert(1, transactionId);
      api.server.faults.plan({ kind: "lost-transaction" });
      await expect(insert(2, transactionId)).rejects.toMatchObject(notFound);
      await expect(insert(3, transactionId)).rejects.toMatchObject(notFound);
      expect(await written()).toEqual([]);
    });

    test("by its commit is not committed", async () => {
      const transactionId = await api.begin();
      await insert(1, transactionId);
      api.server.faults.plan({ kind: "lost-transaction", matching: "CommitTransaction" });
      await expect(api.commit(transactionId)).rejects.toMatchObject(notFound);
      expect(await written()).toEqual([]);
    });

    test("waits where a call is in none", async () => {
      api.server.faults.plan({ kind: "lost-transaction" });
      await insert(1);
      expect(api.server.faults.clear()).toBe(1);
    });

    test("that a statement runs in ends with the statement", async () => {
      const transactionId = await api.begin();
      const sql = "insert into written select n from pg_sleep(0.3), (values (1)) t(n)";
      const running = api.execute(sql, [], { transactionId });
      await api.running(sql);
      api.server.faults.plan({ kind: "lost-transaction" });
      await expect(api.execute("select 1", [], { transactionId })).rejects.toMatchObject(notFound);
      expect(await running).toMatchObject({ numberOfRecordsUpdated: 1 });
      await expect(api.commit(transactionId)).rejects.toMatchObject(notFound);
      expect(await written()).toEqual([]);
    });
  });
});

describe("which calls a fault strikes", () => {
  const api = new DataApi("postgres", { seed: 1 });
  const unavailable = { name: "ServiceUnavailableError" };
  const plan = (fault: Omit<Fault, "kind"> & { status?: 504 }) =>
    api.server.faults.plan({ kind: "status", status: 503, when: "before", ...fault });
  /** Whether each of so many calls is struck. */
  const struck = async (calls: number, sql = "select 1") => {
    const outcomes: boolean[] = [];
    for (let call = 0; call < calls; call++) {
      outcomes.push(
        await api.execute(sql).then(
          () => false,
          () => true,
        ),
      );
    }
    return outcomes;
  };
  beforeEach(() => void api.server.faults.clear());

  test("the next one, once", async () => {
    plan({});
    expect(await struck(3)).toEqual([true, false, false]);
  });

  test("as many as were asked for", async () => {
    plan({ times: 2 });
    expect(await struck(4)).toEqual([true, true, false, false]);
  });

  test("always, until it is cleared", async () => {
    plan({ times: "always" });
    expect(await struck(3)).toEqual([true, true, true]);
    expect(api.server.faults.clear()).toBe(0);
    expect(await struck(1)).toEqual([false]);
  });

  test("those whose SQL matches", async () => {
    plan({ matching: /one/ });
    expect(await struck(1, "select 'two'")).toEqual([false]);
    expect(await struck(2, "select 'one'")).toEqual([true, false]);
  });

  test("by a pattern with flags, each call afresh", async () => {
    plan({ matching: /ONE/gi, times: 3 });
    expect(await struck(3, "select 'one'")).toEqual([true, true, true]);
  });

  test("by the operation's name, where there is no SQL", async () => {
    plan({ matching: "^BeginTransaction$" });
    expect(await struck(1)).toEqual([false]);
    await expect(api.begin()).rejects.toMatchObject(unavailable);
  });

  test("in the order of planning, one fault a call", async () => {
    plan({ matching: /insert/ });
    plan({ status: 504 });
    plan({});
    await expect(api.execute("select 1")).rejects.toMatchObject({ name: "DatabaseUnavailableException" });
    await expect(api.execute("select 1")).rejects.toMatchObject(unavailable);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
    await expect(api.execute("insert into nothing values (1)")).rejects.toMatchObject(unavailable);
  });

  test("also one that would be refused, before it is looked at", async () => {
    plan({});
    await expect(api.execute("select :missing")).rejects.toMatchObject(unavailable);
  });

  test("by chance, as the seed has it", async () => {
    const run = async (seed: number) => {
      api.server.faults.clear();
      api.server.faults.setSeed(seed);
      plan({ probability: 0.3, times: "always" });
      return struck(60);
    };
    const first = await run(7);
    const strikes = first.filter(Boolean).length;
    expect(strikes).toBeGreaterThan(5);
    expect(strikes).toBeLessThan(35);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  test("by chance, whatever other calls there are and however long they take", async () => {
    const run = async (between: () => Promise<unknown>) => {
      api.server.faults.clear();
      api.server.faults.setSeed(7);
      plan({ probability: 0.5, times: "always", matching: /mine/ });
      const outcomes: boolean[] = [];
      for (let call = 0; call < 30; call++) {
        await between();
        outcomes.push(...(await struck(1, "select 'mine'")));
      }
      return outcomes;
    };
    const alone = await run(async () => {});
    const among = await run(() => api.execute("select 'other'"));
    expect(among).toEqual(alone);
    // Drawn for each call, apart, and of no length.
    const latency = { kind: "uniform", minMs: 0, maxMs: 0 } as const;
    expect(await run(async () => api.server.faults.setLatency(latency))).toEqual(alone);
  });

  test("clear tells how many were still waiting", async () => {
    plan({ matching: /never/ });
    plan({ times: 2 });
    plan({ times: "always", matching: /nor this/ });
    plan({ probability: 0 });
    await struck(1);
    expect(api.server.faults.clear()).toBe(4);
    expect(api.server.faults.clear()).toBe(0);
  });

  test("list tells what is planned and in force, as plain JSON", async () => {
    const { faults } = api.server;
    faults.setSeed(42);
    faults.setLatency({ kind: "lognormal", medianMs: 0.1, p99Ms: 0.2 });
    plan({ matching: /insert/i, times: 3 });
    faults.plan({ kind: "lost-transaction", probability: 0.5, times: "always" });
    faults.plan({ kind: "sql-state", sqlState: "57P01", when: "after" });
    faults.plan({ kind: "error", type: "SecretsErrorException" });
    expect(JSON.parse(JSON.stringify(faults.list()))).toEqual({
      seed: 42,
      latency: { kind: "lognormal", medianMs: 0.1, p99Ms: 0.2 },
      planned: [
        {
          kind: "status",
          status: 503,
          when: "before",
          matching: { source: "insert", flags: "i" },
          times: 3,
          probability: 1,
          struck: 0,
        },
        { kind: "lost-transaction", times: "always", probability: 0.5, struck: 0 },
        { kind: "sql-state", sqlState: "57P01", when: "after", times: 1, probability: 1, struck: 0 },
        {
          kind: "error",
          type: "SecretsErrorException",
          when: "before",
          times: 1,
          probability: 1,
          struck: 0,
        },
      ],
    });
    faults.resuming({ calls: 2 });
    expect(faults.list()).toMatchObject({ resuming: { calls: 2 } });
    faults.clear();
    faults.resuming({ ms: 1_000 });
    api.clock.advance(400);
    expect(faults.list()).toMatchObject({ planned: [], resuming: { ms: 600 } });
    api.clock.advance(600);
    expect(faults.list()).not.toHaveProperty("resuming");
  });
});

describe("a fault that makes no sense is refused, and its member named", () => {
  const api = new DataApi("postgres");
  const DROP = { kind: "drop", when: "before" };
  const SQL_STATE_NEEDED =
    "fault.sqlState must be the SQLSTATE of an error, five digits or capital letters, such as 57P01.";

  test.each([
    [null, "fault must be an object."],
    [[], "fault must be an object."],
    [{}, "fault.kind must be one of drop, status, error, sql-state, statement-timeout, lost-transaction."],
    [
      { kind: "explode" },
      "fault.kind must be one of drop, status, error, sql-state, statement-timeout, lost-transaction.",
    ],
    [{ kind: "drop" }, "fault.when must be one of before, after."],
    [{ ...DROP, when: "during" }, "fault.when must be one of before, after."],
    [
      { kind: "lost-transaction", when: "after" },
      "fault has no member when: it may have kind, matching, times, probability.",
    ],
    [
      { ...DROP, status: 503 },
      "fault has no member status: it may have kind, when, matching, times, probability.",
    ],
    [{ ...DROP, kind: "status" }, "fault.status must be one of 500, 503, 504."],
    [{ ...DROP, kind: "status", status: 502 }, "fault.status must be one of 500, 503, 504."],
    [{ ...DROP, kind: "sql-state" }, SQL_STATE_NEEDED],
    [{ ...DROP, kind: "sql-state", sqlState: 40001 }, SQL_STATE_NEEDED],
    [{ ...DROP, kind: "sql-state", sqlState: "57p01" }, SQL_STATE_NEEDED],
    [{ ...DROP, kind: "sql-state", sqlState: "00000" }, SQL_STATE_NEEDED],
    [{ kind: "sql-state", sqlState: "57P01" }, "fault.when must be one of before, after."],
    [{ kind: "error" }, expect.stringMatching(/^fault\.type must be one of AccessDenied.*Exception\.$/)],
    [
      { kind: "error", type: "DatabaseErrorException" },
      expect.stringMatching(/^fault\.type must be one of /),
    ],
    [
      { kind: "error", type: "SecretsErrorException", when: "during" },
      "fault.when must be one of before, after.",
    ],
    [
      { kind: "error", type: "SecretsErrorException", status: 400 },
      "fault has no member status: it may have kind, when, type, matching, times, probability.",
    ],
    [{ ...DROP, time: 3 }, "fault has no member time: it may have kind, when, matching, times, probability."],
    [{ ...DROP, times: 0 }, 'fault.times must be a whole number from 1, or "always".'],
    [{ ...DROP, times: 1.5 }, 'fault.times must be a whole number from 1, or "always".'],
    [{ ...DROP, times: "often" }, 'fault.times must be a whole number from 1, or "always".'],
    [{ ...DROP, probability: 1.1 }, "fault.probability must be a number from 0 to 1."],
    [{ ...DROP, probability: Number.NaN }, "fault.probability must be a number from 0 to 1."],
    [
      { ...DROP, matching: "(" },
      "fault.matching must be a regular expression: Invalid regular expression: /(/: Unterminated group.",
    ],
    [
      { ...DROP, matching: 1 },
      "fault.matching must be the source of a regular expression, or {source, flags}.",
    ],
    [
      { ...DROP, matching: { source: 1 } },
      "fault.matching must be the source of a regular expression, or {source, flags}.",
    ],
  ])("%j", (fault, message) => {
    expect(() => api.server.faults.plan(fault as Fault)).toThrow(
      expect.objectContaining({ name: "OptionError", message }),
    );
    expect(api.server.faults.list().planned).toEqual([]);
  });

  test.each([
    [{}, "resuming must have exactly one of calls, ms."],
    [{ calls: 1, ms: 1 }, "resuming must have exactly one of calls, ms."],
    [{ calls: 0 }, "resuming.calls must be a whole number from 1."],
    [{ ms: -1 }, "resuming.ms must be a number from 0 to 86400000."],
    [{ seconds: 1 }, "resuming has no member seconds: it may have calls, ms."],
  ])("resuming for %j", (how, message) => {
    expect(() => api.server.faults.resuming(how as { ms: number })).toThrow(new OptionError(message));
  });

  test.each([
    [{}, "failover.ms must be a number from 0 to 86400000."],
    [{ ms: "1" }, "failover.ms must be a number from 0 to 86400000."],
  ])("a failover for %j", async (how, message) => {
    await expect(api.server.faults.failover(how as { ms: number })).rejects.toThrow(new OptionError(message));
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test.each([-1, 1.5, 2 ** 32, Number.NaN])("the seed %d", (seed) => {
    expect(() => api.server.faults.setSeed(seed)).toThrow(
      new OptionError("seed must be a whole number from 0 to 4294967295."),
    );
  });

  test("also where the server is started with it", async () => {
    const databases = { notes: { kind: "postgres", url: inject("postgresUrl") } } as const;
    await expect(startDataApi({ databases, seed: -1 })).rejects.toThrow(/^seed must be/);
    const latency = { kind: "constant", ms: -1 } as const;
    await expect(startDataApi({ databases, latency })).rejects.toThrow(/^latency\.ms must be/);
  });
});

describe("a cluster that wakes up", () => {
  const api = new DataApi("postgres");
  const resuming = {
    name: "DatabaseResumingException",
    message: expect.stringMatching(
      /^The Aurora DB instance db-[A-Z0-9]{26} is resuming after being auto-paused\. Please wait a few seconds and try again\.$/,
    ),
    $metadata: { httpStatusCode: 400 },
  };

  test("for a number of calls", async () => {
    api.server.faults.resuming({ calls: 2 });
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    await expect(api.begin()).rejects.toMatchObject(resuming);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
    expect(api.calls.at(-2)).toMatchObject({ fault: "resuming", errorType: "DatabaseResumingException" });
  });

  test("for a time", async () => {
    api.server.faults.resuming({ ms: 15_000 });
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    api.clock.advance(14_999);
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    api.clock.advance(1);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("as it was set last, by calls or by time", async () => {
    api.server.faults.resuming({ ms: 15_000 });
    api.server.faults.resuming({ calls: 1 });
    expect(api.server.faults.list()).toMatchObject({ resuming: { calls: 1 } });
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("leaves what is planned for the calls after it", async () => {
    api.server.faults.plan({ kind: "status", status: 503, when: "before" });
    api.server.faults.resuming({ calls: 1 });
    await expect(api.execute("select 1")).rejects.toMatchObject(resuming);
    await expect(api.execute("select 1")).rejects.toMatchObject({ name: "ServiceUnavailableError" });
  });

  test("is awake at once where the faults are cleared", async () => {
    api.server.faults.resuming({ ms: 15_000 });
    api.server.faults.clear();
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });
});

describe("latency", () => {
  const api = new DataApi("postgres", { seed: 11, latency: { kind: "constant", ms: 17 } });

  /** Carries calls out one after the other, each as soon as it waits; answers what each waited. */
  async function delays(calls: number): Promise<number[]> {
    const before = api.calls.length;
    for (let call = 0; call < calls; call++) {
      const answer = api.execute("select 1");
      await api.delayed();
      api.clock.advance(60_000);
      await answer;
    }
    return api.calls.slice(before).map(({ latencyMs }) => latencyMs);
  }

  beforeEach(() => void api.server.faults.clear());

  test("delays each call by the server's clock, before it runs", async () => {
    let answered = false;
    const answer = api.execute("create table delayed (n int4)").finally(() => {
      answered = true;
    });
    await api.delayed();
    api.clock.advance(16.9);
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    api.clock.advance(0.1);
    await answer;
    expect(api.calls.at(-1)).toMatchObject({ latencyMs: 17, status: 200 });
  });

  test("delays what is refused as well", async () => {
    api.server.faults.resuming({ calls: 1 });
    const answer = expect(api.execute("select 1")).rejects.toMatchObject({
      name: "DatabaseResumingException",
    });
    await api.delayed();
    api.clock.advance(17);
    await answer;
  });

  test("runs the call even if its client goes away meanwhile: it has arrived", async () => {
    const { faults } = api.server;
    faults.setLatency(undefined);
    await api.execute("create table left_alone (n int4)");
    faults.clear();
    const leaving = new AbortController();
    const left = api.execute("insert into left_alone values (1)", [], {}, leaving.signal);
    const aborted = expect(left).rejects.toThrow();
    await api.delayed();
    leaving.abort();
    await aborted;
    api.clock.advance(17);
    faults.setLatency(undefined);
    await expect.poll(() => api.value("select count(*) from left_alone")).toEqual({ longValue: 1 });
  });

  test("can be changed, ended, and is the start's again when the faults are cleared", async () => {
    const { faults } = api.server;
    faults.setLatency({ kind: "constant", ms: 5 });
    expect(await delays(1)).toEqual([5]);
    faults.setLatency(undefined);
    await api.execute("select 1");
    expect(api.calls.at(-1)).toMatchObject({ latencyMs: 0 });
    faults.clear();
    expect(await delays(1)).toEqual([17]);
  });

  test("is drawn anew for each call, the same from the same seed", async () => {
    const { faults } = api.server;
    faults.setLatency({ kind: "lognormal", medianMs: 17, p99Ms: 60 });
    faults.setSeed(5);
    const first = await delays(20);
    faults.setSeed(5);
    expect(await delays(20)).toEqual(first);
    faults.setSeed(6);
    expect(await delays(20)).not.toEqual(first);
    expect(new Set(first).size).toBe(20);
  });

  test.each([
    [{ kind: "normal" }, "latency.kind must be one of constant, uniform, lognormal."],
    [{ kind: "constant" }, "latency.ms must be a number from 0 to 86400000."],
    [{ kind: "constant", ms: 1, maxMs: 2 }, "latency has no member maxMs: it may have kind, ms."],
    [{ kind: "uniform", minMs: 2, maxMs: 1 }, "latency.maxMs must not be below minMs."],
    [{ kind: "lognormal", medianMs: 0, p99Ms: 1 }, "latency.medianMs must be above 0."],
    [{ kind: "lognormal", medianMs: 2, p99Ms: 1 }, "latency.p99Ms must not be below medianMs."],
    [17, "latency must be an object."],
  ])("%j is refused", (latency, message) => {
    expect(() => api.server.faults.setLatency(latency as never)).toThrow(new OptionError(message));
  });
});

test("a server that is closed runs no call that was still on its way", async () => {
  const databases = { notes: { kind: "postgres", url: await emptyDatabase() } } as const;
  const clock = new ManualClock();
  const first = await startDataApi({ databases, clock, latency: { kind: "constant", ms: 17 } });
  const create = new ExecuteStatementCommand({ ...ARNS, sql: "create table too_late ()" });
  const cut = expect(clientOf(first).send(create)).rejects.toThrow(gone);
  await vi.waitUntil(() => clock.due.includes(17));
  await first.close();
  await cut;
  expect(clock.due).toEqual([]);
  expect(first.calls.last).toMatchObject([{ status: 0 }]);

  const second = await startDataApi({ databases });
  await clientOf(second).send(create);
  await second.close();
});

describe.each([
  ["PGlite in memory", "pglite", false],
  ["PGlite in a directory", "pglite", true],
  ["PostgreSQL", "postgres", false],
] as const)("a failover over %s", (_name, engine, dataDir) => {
  const api = new DataApi(engine, { dataDir });
  const unavailable = { name: "DatabaseUnavailableException", $metadata: { httpStatusCode: 504 } };
  const notFound = { name: "TransactionNotFoundException", $metadata: { httpStatusCode: 404 } };

  beforeEach(async () => {
    api.server.faults.clear();
    await api.execute("drop table if exists kept");
    await api.execute("create table kept (n int4)");
    await api.execute("insert into kept values (1)");
  });

  test("fails calls for its time; what was committed is there afterwards", async () => {
    await api.server.faults.failover({ ms: 5_000 });
    await expect(api.execute("select 1")).rejects.toMatchObject(unavailable);
    expect(api.calls.at(-1)).toMatchObject({ fault: "failover", databaseMs: 0 });
    await expect(api.begin()).rejects.toMatchObject(unavailable);
    expect(api.server.faults.list()).toMatchObject({ failover: { ms: 5_000 } });
    api.clock.advance(4_999);
    await expect(api.execute("select 1")).rejects.toMatchObject(unavailable);
    api.clock.advance(1);
    expect(await api.value("select n from kept")).toEqual({ longValue: 1 });
    expect(api.server.faults.list()).not.toHaveProperty("failover");
  });

  test("loses the open transactions, with what was not committed in them", async () => {
    const transactionId = await api.begin();
    await api.execute("insert into kept values (2)", [], { transactionId });
    await api.server.faults.failover({ ms: 0 });
    await expect(api.execute("select 1", [], { transactionId })).rejects.toMatchObject(notFound);
    await expect(api.commit(transactionId)).rejects.toMatchObject(notFound);
    expect(await api.value("select n from kept")).toEqual({ longValue: 1 });
    // A new one is not held up by what the old one had locked.
    const next = await api.begin();
    await api.execute("update kept set n = 3", [], { transactionId: next });
    await api.commit(next);
    expect(await api.value("select n from kept")).toEqual({ longValue: 3 });
  });

  test("gives back what the open transactions held", async () => {
    const places = engine === "postgres" ? 10 : 1;
    for (let place = 0; place < places; place++) await api.begin();
    await api.server.faults.failover({ ms: 0 });
    expect(await api.value("select n from kept")).toEqual({ longValue: 1 });
    expect(api.clock.due).toEqual([]);
  });

  test("cuts the connections of what runs and of what waits, in and outside a transaction", async () => {
    const transactionId = await api.begin();
    await api.execute("insert into kept values (2)", [], { transactionId });
    const sql = "select pg_sleep(0.5)::text";
    const running = expect(api.execute(sql, [], { transactionId })).rejects.toThrow(gone);
    await api.running(sql);
    const outside = expect(api.execute("lock table kept")).rejects.toThrow();
    const over = api.server.faults.failover({ ms: 0 });
    await Promise.all([running, outside]);
    await over;
    expect(api.calls.findLast((call) => call.sql === sql)).toMatchObject({ status: 0, fault: "failover" });
    expect(await api.value("select n from kept")).toEqual({ longValue: 1 });
  });

  test("lets a call that was still on its way not run", async () => {
    api.server.faults.setLatency({ kind: "constant", ms: 17 });
    const onItsWay = expect(api.execute("insert into kept values (2)")).rejects.toThrow(gone);
    await api.delayed();
    await api.server.faults.failover({ ms: 0 });
    await onItsWay;
    api.server.faults.setLatency(undefined);
    api.clock.advance(17);
    expect(await api.value("select n from kept")).toEqual({ longValue: 1 });
  });

  test("can come again and again", async () => {
    for (let n = 2; n <= 4; n++) {
      await api.server.faults.failover({ ms: 0 });
      await api.execute("insert into kept values (:n)", [long("n", n)]);
    }
    expect(await api.value("select count(*) from kept")).toEqual({ longValue: 4 });
  });
});

describe("a server with several databases", () => {
  let server: DataApiServer;
  beforeAll(async () => {
    server = await startDataApi({ databases: { one: await embedded(), two: await embedded() } });
  });
  afterAll(() => server.close());

  test("fails over with all of them, as a cluster does", async () => {
    const client = clientOf(server);
    const ids: (string | undefined)[] = [];
    for (const database of ["one", "two"]) {
      ids.push((await client.send(new BeginTransactionCommand({ ...ARNS, database }))).transactionId);
    }
    await server.faults.failover({ ms: 0 });
    for (const transactionId of ids) {
      const commit = new CommitTransactionCommand({ ...ARNS, transactionId });
      await expect(client.send(commit)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
    }
  });
});
