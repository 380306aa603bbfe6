// What a failover leaves behind, over each engine: nothing of what was open, everything of what was committed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emptyDatabase, emptyDump } from "../../test/harness.ts";
import { ManualClock } from "../clock.ts";
import type { Engine } from "./engine.ts";
import { startPGlite } from "./pglite.ts";
import { startPostgresEngine } from "./postgres.ts";

const FAILED_OVER = {
  name: "DataApiError",
  type: "DatabaseUnavailableException",
  status: 504,
  message: expect.stringContaining("failed over"),
};
/** Long enough that a test would time out if anybody waited for it. */
const ENDLESS = "select count(*) from generate_series(1, 1000000000000) a";
const CONNECTIONS = 2;

const STARTS: Record<string, () => Promise<Engine>> = {
  async "PGlite in memory"() {
    return startPGlite({ dataDir: undefined, loadFrom: await emptyDump(), clock: new ManualClock() });
  },
  async "PGlite in a directory"() {
    const directory = await mkdtemp(join(tmpdir(), "data-api-failover-"));
    const engine = await startPGlite({
      dataDir: join(directory, "data"),
      loadFrom: await emptyDump(),
      clock: new ManualClock(),
    });
    return {
      session: () => engine.session(),
      dump: () => engine.dump(),
      failover: () => engine.failover(),
      close: () => engine.close().then(() => rm(directory, { recursive: true, force: true })),
    };
  },
  async PostgreSQL() {
    return startPostgresEngine({
      url: await emptyDatabase(),
      maxConnections: CONNECTIONS,
      clock: new ManualClock(),
    });
  },
};

describe.each(Object.entries(STARTS))("a failover of %s", (name, start) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  beforeEach(async () => {
    await run("drop table if exists kept");
    await run("create table kept (n int4)");
  });
  afterAll(() => engine.close());

  async function run(sql: string) {
    const session = await engine.session();
    try {
      return (await session.run(sql, [])).rows;
    } finally {
      session.release();
    }
  }

  test("takes a transaction that waits for its next statement along, and nothing that was committed", async () => {
    await run("insert into kept values (1)");
    const session = await engine.session();
    await session.run("begin", []);
    await session.run("insert into kept values (2)", []);
    await engine.failover();
    expect(session.state).toBe("lost");
    await expect(session.run("commit", [])).rejects.toMatchObject({ type: "DatabaseUnavailableException" });
    session.release();
    expect(await run("select n from kept")).toEqual([["1"]]);
  });

  test("ends locks with the transaction that held them", async () => {
    const session = await engine.session();
    await session.run("begin", []);
    await session.run("lock table kept", []);
    await engine.failover();
    await run("drop table kept");
    session.release();
  });

  test("leaves the next session nothing of the one before", async () => {
    const session = await engine.session();
    await session.run("set statement_timeout = 12345", []);
    await session.run("create temporary table mine (n int4)", []);
    await engine.failover();
    session.release();
    expect(await run("show statement_timeout")).toEqual([["0"]]);
    expect(await run("select to_regclass('mine')")).toEqual([[null]]);
  });

  test("fails whoever waits for a session, and lends sessions again", async () => {
    const lent = [];
    const places = name === "PostgreSQL" ? CONNECTIONS : 1;
    for (let place = 0; place < places; place++) lent.push(await engine.session());
    const waiting = [1, 2, 3].map(() => expect(engine.session()).rejects.toMatchObject(FAILED_OVER));
    await engine.failover();
    await Promise.all(waiting);
    const next = await engine.session();
    // A release that comes late gives nobody else's session away.
    for (const session of lent) session.release();
    expect((await next.run("select 1", [])).rows).toEqual([["1"]]);
    next.release();
  });

  test("twice at once is one after the other", async () => {
    await Promise.all([engine.failover(), engine.failover()]);
    expect(await run("select 1")).toEqual([["1"]]);
  });

  test("fails what runs at once", async () => {
    const session = await engine.session();
    await session.run("begin", []);
    await session.run("insert into kept values (3)", []);
    const sql = name === "PGlite in memory" ? "select pg_sleep(0.5)" : ENDLESS;
    const cut = expect(session.run(sql, [])).rejects.toMatchObject(FAILED_OVER);
    await new Promise(setImmediate); // the engine has the statement
    const over = engine.failover();
    await cut;
    session.release();
    const next = run("select n from kept");
    await over;
    expect(await next).toEqual([]);
  });

  test("is no obstacle to closing", async () => {
    const session = await engine.session();
    const cut = expect(session.run(ENDLESS, [])).rejects.toMatchObject(FAILED_OVER);
    await new Promise(setImmediate);
    const over = engine.failover().catch(() => {});
    await cut;
    await engine.close();
    await over;
  });
});
