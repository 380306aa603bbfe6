// What a session leaves behind: nothing that the next one could notice.
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { emptyDump } from "../../test/harness.ts";
import { ManualClock } from "../clock.ts";
import type { Engine } from "./engine.ts";
import { startPGlite } from "./pglite.ts";
import { startPostgresEngine } from "./postgres.ts";

const STARTS: Record<string, () => Promise<Engine>> = {
  PGlite: async () =>
    startPGlite({ dataDir: undefined, loadFrom: await emptyDump(), clock: new ManualClock() }),
  PostgreSQL: () =>
    startPostgresEngine({ url: inject("postgresUrl"), maxConnections: 1, clock: new ManualClock() }),
};

describe.each(Object.entries(STARTS))("a session of %s that is released", (_name, start) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  test("in a transaction is rolled back, also where the next one runs nothing", async () => {
    const left = await engine.session();
    await left.run("begin", []);
    await left.run("create table left_open (n int4)", []);
    left.release();
    (await engine.session()).release();

    const next = await engine.session();
    const { rows } = await next.run("select to_regclass('left_open')", []);
    expect(rows).toEqual([[null]]);
    expect(next.state).toBe("idle");
    next.release();
  });

  test("in a transaction that failed, with settings of its own, is as new", async () => {
    const left = await engine.session();
    await left.run("set statement_timeout = 12345", []);
    await left.run("prepare mine as select 1", []);
    await left.run("begin", []);
    await expect(left.run("select 1 / 0", [])).rejects.toThrow("division by zero");
    expect(left.state).toBe("failed");
    left.release();

    const next = await engine.session();
    expect((await next.run("show statement_timeout", [])).rows).toEqual([["0"]]);
    expect((await next.run("select count(*) from pg_prepared_statements", [])).rows).toEqual([["0"]]);
    expect(next.state).toBe("idle");
    next.release();
  });

  test("under another user is the owner's again", async () => {
    const left = await engine.session();
    const who = "select session_user, current_user";
    const owner = (await left.run(who, [])).rows;
    await left.run("create role guest", []);
    await left.run("set session authorization guest", []);
    left.release();

    const next = await engine.session();
    expect((await next.run(who, [])).rows).toEqual(owner);
    await next.run("drop role guest", []);
    next.release();
  });
});
