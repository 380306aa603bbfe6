// What a client is told of PostgreSQL's own errors.
import { describe, expect, test } from "vitest";
import { DataApi, ENGINES } from "./harness.ts";

describe.each(ENGINES)("errors of PostgreSQL over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });

  test("have a message with Hint, Position and SQLState, absent parts left out, and never a Detail [live]", async () => {
    await api.execute("create table known (id int4 primary key, name text not null)");
    await api.execute("insert into known values (1, 'a')");
    await expect(api.execute("insert into known values (1, 'a')")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: 'ERROR: duplicate key value violates unique constraint "known_pkey"; SQLState: 23505',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(api.execute("insert into known values (2)")).rejects.toMatchObject({
      message:
        'ERROR: null value in column "name" of relation "known" violates not-null constraint; SQLState: 23502',
    });
    await expect(api.execute("select nmae from known")).rejects.toMatchObject({
      message:
        'ERROR: column "nmae" does not exist; Hint: Perhaps you meant to reference the column "known.name".; Position: 8; SQLState: 42703',
    });
  });

  test("raised by a program carry its own hint, and not its detail", async () => {
    await api.execute(`create function fail() returns void language plpgsql as
      'begin raise exception ''no; not now'' using detail = ''because'', hint = ''later'', errcode = ''P0042''; end'`);
    await expect(api.execute("select fail()::text")).rejects.toMatchObject({
      message: "ERROR: no; not now; Hint: later; SQLState: P0042",
    });
  });
});
