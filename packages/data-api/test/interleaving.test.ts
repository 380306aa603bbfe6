// The law of transactions: however they interleave, those that committed leave what they leave one after another, and
// nobody sees half of one. Each takes a counter's row before it touches what belongs to the counter, so that the order
// in which they reached their last statement is an order in which they could have run alone.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataApi, ENGINES, long } from "./harness.ts";

const COUNTERS = 4;
const BALANCE = 100;

interface Step {
  kind: "change" | "transfer" | "note" | "erase" | "look";
  counter: number;
  other: number;
  value: number;
  savepoint: "none" | "released" | "undone";
  /** A second call is sent while this one runs. */
  overlapped: boolean;
  /** How many turns of the event loop pass before it. */
  pause: number;
}

interface Program {
  isolation: "read committed" | "repeatable read" | "serializable";
  steps: Step[];
  end: "commit" | "rollback" | "error";
}

const counter = fc.integer({ min: 1, max: COUNTERS });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("change", "transfer", "note", "erase", "look"),
  counter,
  other: counter,
  value: fc.integer({ min: 0, max: 9 }),
  savepoint: fc.constantFrom("none", "none", "none", "released", "undone"),
  overlapped: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  pause: fc.integer({ min: 0, max: 5 }),
});
const program: fc.Arbitrary<Program> = fc.record({
  isolation: fc.constantFrom("read committed", "read committed", "repeatable read", "serializable"),
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  end: fc.constantFrom("commit", "commit", "commit", "commit", "rollback", "error"),
});

const TRANSACTIONS = 100;
/** Fewer than the SDK's 50 connections: who holds a row must still be heard. */
const AT_ONCE = 20;
const OVERLAP = { name: "DatabaseErrorException", message: "Transaction is still running a query" };

/** The statements of a step, which `:k`, `:o`, `:v` and `:t` belong to. */
const STATEMENTS: Record<Step["kind"], string[]> = {
  change: ["update counter set n = (n * 3 + :v) % 1000003 where id = :k"],
  transfer: [
    "update counter set balance = balance - :v where id = :k",
    "update counter set balance = balance + :v where id = :o",
  ],
  note: [
    "update counter set changes = changes + 1 where id = :k",
    "insert into journal (counter, transaction, n) select id, :t, n from counter where id = :k",
  ],
  erase: [
    "update counter set changes = changes + 1 where id = :k",
    "delete from journal where counter = :k and transaction % 3 = :v % 3",
  ],
  look: ["select n from counter where id = :k for update"],
};

describe.each(ENGINES)("transactions over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });

  /** Answers whether it was committed. @throws what no transaction may meet */
  async function run({ isolation, steps, end }: Program, number: number, schema: string): Promise<boolean> {
    const transactionId = await api.begin();
    const execute = (sql: string, parameters: Parameters<typeof api.execute>[1] = []) =>
      api.execute(sql, parameters, { transactionId });

    async function take({ kind, counter, other, value, savepoint, overlapped, pause }: Step) {
      for (let turn = 0; turn < pause; turn++) await new Promise(setImmediate);
      if (savepoint !== "none") await execute("savepoint here");
      for (const sql of STATEMENTS[kind]) {
        const parameters = [long("k", counter), long("o", other), long("v", value), long("t", number)];
        if (overlapped)
          await overlap(
            () => execute(sql, parameters),
            () => execute("select 1"),
          );
        else await execute(sql, parameters);
      }
      if (savepoint === "released") await execute("release here");
      if (savepoint === "undone") await execute("rollback to here");
    }

    try {
      await execute(`set transaction isolation level ${isolation}`);
      await execute(`set local search_path to ${schema}`);
      await execute("set local deadlock_timeout to 20");
      for (const one of steps) await take(one);
      await execute("insert into done (transaction) values (:t)", [long("t", number)]);
      if (end === "error") await expect(execute("select 1 / 0")).rejects.toThrow("SQLState: 22012");
      if (end === "commit") {
        await api.commit(transactionId);
        return true;
      }
    } catch (error) {
      // A serializable transaction may fail at its commit, which ends it.
      expect(String(error)).toMatch(/SQLState: (?:40001|40P01)/);
      await api
        .rollback(transactionId)
        .catch(({ name }) => expect(name).toBe("TransactionNotFoundException"));
      return false;
    }
    await api.rollback(transactionId);
    return false;
  }

  /** Sends two calls at once: one is refused, and sent again if it is the one that matters. */
  async function overlap(call: () => Promise<unknown>, other: () => Promise<unknown>) {
    const [mine, theirs] = await Promise.allSettled([call(), other()]);
    if (mine.status === "rejected" && mine.reason.message === OVERLAP.message) await call();
    else if (mine.status === "rejected") throw mine.reason;
    else if (theirs.status === "rejected") expect(theirs.reason).toMatchObject(OVERLAP);
  }

  /** One statement sees each transaction whole or not at all. */
  async function look(schema: string) {
    const { records } = await api.execute(`select sum(balance)::int8, count(*) from ${schema}.counter`);
    expect(records).toEqual([[{ longValue: COUNTERS * BALANCE }, { longValue: COUNTERS }]]);
  }

  async function prepare(schema: string) {
    await api.execute(`drop schema if exists ${schema} cascade`);
    await api.execute(`create schema ${schema}`);
    await api.execute(
      `create table ${schema}.counter (id int4 primary key, n int8 default 1, balance int8 default ${BALANCE}, changes int8 default 0)`,
    );
    await api.execute(`insert into ${schema}.counter select generate_series(1, ${COUNTERS})`);
    await api.execute(`create table ${schema}.journal (counter int4, transaction int8, n int8)`);
    await api.execute(`create table ${schema}.done (place serial, transaction int8)`);
  }

  const left = async (schema: string) => [
    (await api.execute(`select * from ${schema}.counter order by id`)).records,
    (await api.execute(`select * from ${schema}.journal order by 1, 2, 3`)).records,
  ];

  test("100 at once leave what those that committed leave one after another", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(program, { minLength: TRANSACTIONS, maxLength: TRANSACTIONS }),
        async (programs) => {
          await prepare("together");
          const committed = new Set<number>();
          const waiting = [...programs.entries()];
          const lane = async () => {
            for (let next = waiting.shift(); next; next = waiting.shift()) {
              const [number, one] = next;
              if (await run(one, number, "together")) committed.add(number);
              await look("together");
            }
          };
          await Promise.all(Array.from({ length: AT_ONCE }, lane));

          const done = await api.execute("select transaction from together.done order by place");
          const order = (done.records ?? []).map(([field]) => field?.longValue ?? -1);
          expect(new Set(order)).toEqual(committed);
          const meant = programs.filter(({ end }) => end === "commit").length;
          // One backend runs one transaction at a time: none of them has a reason to fail.
          if (engine === "pglite") expect(committed.size).toBe(meant);
          else expect(committed.size).toBeGreaterThan(meant / 4);

          await prepare("alone");
          for (const number of order) {
            expect(await run(programs[number] as Program, number, "alone")).toBe(true);
          }
          expect(await left("alone")).toEqual(await left("together"));
        },
      ),
      // One backend interleaves less.
      { numRuns: engine === "pglite" ? 1 : 2, endOnFailure: true },
    );
  });
});
