// The job that logs what was deleted for ever, on the real database engine.
import { purgedIn } from "@notejam/core/trash/purged-log";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Browser, newNote, newUser, type Service, startService } from "../../test/service.ts";
import { STEP_ROWS } from "./job.ts";
import { handler } from "./log-purged.ts";
import { runJob } from "./testing/run.ts";

/** CloudWatch takes no longer line. */
const LINE_BYTES_MAX = 256 * 1024;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());
let browser: Browser;
beforeEach(async () => {
  for (const table of ["note", "pad", "account", "purged"]) await service.statement(`delete from ${table}`);
  browser = await newUser(service);
  service.log.splice(0);
});
afterEach(() => service.dataApi.faults.clear());

const run = () => runJob(service, "logPurged", handler, new Date());

/** What the log has of what was deleted for ever, and what the database has, in one form. */
async function logAndTable() {
  const of = (things: { user: unknown; kind: unknown; id: unknown; at: Date }[]) =>
    new Set(things.map(({ user, kind, id, at }) => `${user} ${kind} ${id} ${at.toISOString()}`));
  const rows = await service.statement(`select user_id "user", kind, id, purged_at::text at from purged`);
  return {
    log: of(purgedIn(service.log)),
    table: of(rows.map(({ user, kind, id, at }) => ({ user, kind, id, at: new Date(String(at)) }))),
  };
}

const unlogged = () => service.statement("select id from purged where logged_at is null");

/** Adds rows as code wrote them that knew no job. */
const add = (users: number, each: number) =>
  service.statement(`insert into purged (user_id, kind, id, purged_at)
    select u.id, 'note', gen_random_uuid(), now() - interval '1 day'
    from (select gen_random_uuid() id from generate_series(1, ${users})) u, generate_series(1, ${each})`);

test("logs a note whose deletion for ever no line has, because its process died, once", async () => {
  const { id } = await newNote(browser);
  await browser.delete(`/api/notes/${id}`);
  const matching = /insert into purged/;
  service.dataApi.faults.plan({ kind: "sql-state", sqlState: "XX000", when: "after", matching });
  const { status } = await browser.delete(`/api/trash/notes/${id}`, { password: browser.password });
  expect([status, (await logAndTable()).log.size]).toEqual([500, 0]);

  const { outcome, line } = await run();

  const { log, table } = await logAndTable();
  expect([...log]).toEqual([...table]);
  expect(log.size).toBe(1);
  expect(outcome).toEqual({ logged: 1 });
  expect(line).toMatchObject({ level: "info", message: "logPurged", logged: 1 });
  const lines = service.log.length;
  expect((await run()).outcome).toEqual({ logged: 0 });
  expect(service.log.length).toBe(lines + 1);
});

test("logs very many things in steps, a line for each user, and no line that CloudWatch would cut", async () => {
  await add(3, 1);
  await add(1, 2 * STEP_ROWS);

  const { outcome } = await run();

  expect(outcome).toEqual({ logged: 2 * STEP_ROWS + 3 });
  const { log, table } = await logAndTable();
  expect(log).toEqual(table);
  expect(Math.max(...service.log.map((line) => line.length))).toBeLessThan(LINE_BYTES_MAX);
});

test("loses nothing if its process dies after any statement: then it logs some things twice", async () => {
  await add(1, STEP_ROWS + 10);

  for (const matching of [/^select/, /^update purged/, /^update purged/]) {
    service.dataApi.faults.plan({ kind: "sql-state", sqlState: "XX000", when: "after", matching });
    expect((await run()).line).toMatchObject({ level: "error", message: "logPurged" });
  }
  service.dataApi.faults.plan({
    kind: "sql-state",
    sqlState: "XX000",
    when: "before",
    matching: /^update purged/,
  });
  await add(1, 1);
  await run();
  await run();

  const { log, table } = await logAndTable();
  expect(log).toEqual(table);
  expect(await unlogged()).toEqual([]);
});
