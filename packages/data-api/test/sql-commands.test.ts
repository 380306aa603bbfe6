// What each kind of command answers: a count, rows, or the error that PostgreSQL has for it.
import { describe, expect, test } from "vitest";
import { DataApi, ENGINES, long, nothing, text } from "./harness.ts";

describe.each(ENGINES)("commands over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  const changed = (numberOfRecordsUpdated: number) => ({ numberOfRecordsUpdated, generatedFields: [] });

  /** Each finds these tables as they are here, whatever the others do. */
  async function inTransaction<T>(use: (run: typeof api.execute) => Promise<T>): Promise<T> {
    const transactionId = await api.begin();
    const run: typeof api.execute = (sql, parameters = [], options = {}) =>
      api.execute(sql, parameters, { ...options, transactionId });
    try {
      await run("create table item (id serial primary key, n int4 unique, name text)");
      await run("insert into item (n, name) values (1, 'one'), (2, 'two'), (3, null)");
      return await use(run);
    } finally {
      await api.rollback(transactionId).catch(() => {});
    }
  }

  test.each([
    ["insert into item (n) values (4)", 1],
    ["insert into item (n) select generate_series(4, 8)", 5],
    ["insert into item (n) values (1) on conflict do nothing", 0],
    ["insert into item (n) values (1) on conflict (n) do update set name = 'again'", 1],
    ["with more as (select 4 as n) insert into item (n) select n from more", 1],
    ["update item set name = 'x'", 3],
    ["update item set name = 'x' where n > 2", 1],
    ["update item set name = name", 3],
    ["update item set name = 'x' where false", 0],
    ["with one as (select 1 as n) update item set name = 'x' from one where one.n = item.n", 1],
    ["with gone as (delete from item returning n) insert into item (n) select n + 10 from gone", 3],
    ["delete from item", 3],
    ["delete from item using (values (1), (2)) v(n) where v.n = item.n", 2],
    [
      "merge into item using (values (1), (9)) v(n) on item.n = v.n when matched then delete when not matched then insert (n) values (v.n)",
      2,
    ],
    ["truncate item", 0],
    ["create table copied as select * from item", 0],
    ["select * into copied from item", 0],
    ["create materialized view seen as select * from item", 0],
    ["create view seen as select * from item", 0],
    ["create index on item (name)", 0],
    ["alter table item add column extra int4 default 7", 0],
    ["comment on table item is 'things'", 0],
    ["grant select on item to public", 0],
    ["drop table item", 0],
    ["analyze item", 0],
    ["lock table item", 0],
    ["reindex table item", 0],
    ["set local work_mem to '8MB'", 0],
    ["set constraints all deferred", 0],
    ["set transaction read write", 0],
    ["savepoint here", 0],
    ["prepare one as select 1", 0],
    ["prepare one (int4) as select $1", 0],
    ["declare c cursor for select 1", 0],
    ["listen channel", 0],
    ["notify channel, 'payload'", 0],
    ["do 'begin perform 1; end'", 0],
    ["do 'begin raise notice ''a notice is not an answer''; end'", 0],
    ["create function f(int4) returns int4 return $1 + 1", 0],
    ["create function f() returns int4 begin atomic select 1; select 2; end", 0],
    ["create rule r as on insert to item do (notify a; notify b)", 0],
  ])("%s: counts %i", async (sql, count) => {
    expect(await inTransaction((run) => run(sql))).toEqual(changed(count));
  });

  test.each([
    "vacuum",
    "checkpoint",
    "create database other",
    "drop database other",
    "begin",
    "start transaction",
    "commit",
    "end",
    "rollback",
    "abort",
    "prepare transaction 'x'", // there is none to prepare, and PostgreSQL only warns
    "set local search_path to nowhere",
    "reset all",
    "discard all",
    "set role none",
    "unlisten *",
  ])("outside a transaction, %s counts 0", async (sql) => {
    expect(await api.execute(sql)).toEqual(changed(0));
  });

  const field = (longValue: number) => ({ longValue });
  test.each([
    [
      "values (1, 'a'), (2, null)",
      [
        [field(1), { stringValue: "a" }],
        [field(2), { isNull: true }],
      ],
    ],
    ["table item", [1, 2, 3].map((n) => expect.arrayContaining([field(n)]))],
    ["select n from item where n = 2", [[field(2)]]],
    ["select n from item where n = 9", []],
    ["select from item", [[], [], []]],
    ["select", [[]]],
    ["select 1 as a, 2 as a", [[field(1), field(2)]]],
    ["select n from item union all select 9 order by 1 desc limit 1", [[field(9)]]],
    ["select count(*) from item", [[field(3)]]],
    ["select generate_series(1, 2)", [[field(1)], [field(2)]]],
    ["select (item).n from item where n = 1", [[field(1)]]],
    ["(select 1)", [[field(1)]]],
    ["explain (costs off) select 1", [[{ stringValue: "Result" }]]],
    ["explain (costs off, format json) select 1", [[{ stringValue: expect.stringMatching(/^\[/) }]]],
    ["show transaction_isolation", [[{ stringValue: "read committed" }]]],
    ["insert into item (n) values (4), (5) returning n", [[field(4)], [field(5)]]],
    ["update item set n = 10 where n = 1 returning n, name", [[field(10), { stringValue: "one" }]]],
    ["update item set n = 10 where false returning n", []],
    ["delete from item where n = 3 returning name", [[{ isNull: true }]]],
    [
      "merge into item using (values (1)) v(n) on item.n = v.n when matched then delete returning item.n",
      [[field(1)]],
    ],
    ["with added as (insert into item (n) values (4) returning n) select n from added", [[field(4)]]],
    ["with gone as (delete from item returning 1) select count(*) from gone", [[field(3)]]],
  ])("%s: has rows, and counts none of them as changed", async (sql, records) => {
    expect(await inTransaction((run) => run(sql))).toEqual({ numberOfRecordsUpdated: 0, records });
  });

  test("a procedure's out parameters are a row; without them there is none", async () => {
    await inTransaction(async (run) => {
      await run(
        "create procedure add(n int4) language plpgsql as 'begin insert into item (n) values (n); end'",
      );
      await run("create procedure twice(inout n int4) language plpgsql as 'begin n := n * 2; end'");
      expect(await run("call add(:n::int4)", [long("n", 9)])).toEqual(changed(0));
      expect((await run("call twice(:n::int4)", [long("n", 9)])).records).toEqual([[{ longValue: 18 }]]);
    });
  });

  test("a function's rows are rows, and a function of nothing gives an empty text", async () => {
    await inTransaction(async (run) => {
      await run(
        "create function items() returns setof item language sql as 'select * from item where n = 1'",
      );
      await run("create function two(out a int4, out b text) language sql as 'select 1, ''x'''");
      await run("create function quiet() returns void language plpgsql as 'begin end'");
      expect((await run("select n, name from items()")).records).toEqual([
        [{ longValue: 1 }, { stringValue: "one" }],
      ]);
      expect((await run("select * from two()")).records).toEqual([[{ longValue: 1 }, { stringValue: "x" }]]);
      expect((await run("select quiet()")).records).toEqual([[{ stringValue: "" }]]);
      await expect(run("select items()")).rejects.toMatchObject({
        name: "UnsupportedResultException",
        message: "The result contains the unsupported data type item.",
      });
    });
  });

  test("a cursor is read in parts, in its transaction [live]", async () => {
    await inTransaction(async (run) => {
      await run("declare numbers scroll cursor for select generate_series(1, 5)");
      expect((await run("fetch 2 from numbers")).records).toEqual([[{ longValue: 1 }], [{ longValue: 2 }]]);
      expect(await run("move 1 in numbers")).toEqual(changed(0));
      const { records, columnMetadata } = await run("fetch all from numbers", [], {
        includeResultMetadata: true,
      });
      expect(records).toEqual([[{ longValue: 4 }], [{ longValue: 5 }]]);
      expect(columnMetadata).toMatchObject([{ name: "generate_series", typeName: "int4" }]);
      expect((await run("fetch 1 from numbers")).records).toEqual([]);
      expect(await run("close numbers")).toEqual(changed(0));
    });
  });

  test("a prepared statement is run in its transaction, and not by the next call [live]", async () => {
    await inTransaction(async (run) => {
      await run("prepare plus (int4) as select $1 + 1 as n");
      expect((await run("execute plus (41)")).records).toEqual([[{ longValue: 42 }]]);
    });
    await api.execute("prepare plus (int4) as select $1 + 1");
    await expect(api.execute("execute plus (1)")).rejects.toThrow("SQLState: 26000");
  });

  test("a temporary table lives as long as its transaction [live]", async () => {
    await inTransaction(async (run) => {
      await run("create temporary table passing as select 1 as n");
      expect((await run("select n from passing")).records).toEqual([[{ longValue: 1 }]]);
    });
    await expect(api.execute("select n from passing")).rejects.toThrow("SQLState: 42P01");
  });

  test("SET LOCAL and set_config work in a transaction and end with it [live]", async () => {
    await inTransaction(async (run) => {
      await run("set local application_name to 'mine'");
      await run("select set_config('app.tenant', :t, true)", [text("t", "42")]);
      const { records } = await run(
        "select current_setting('application_name'), current_setting('app.tenant')",
      );
      expect(records).toEqual([[{ stringValue: "mine" }, { stringValue: "42" }]]);
    });
    expect(await api.value("select coalesce(current_setting('app.tenant', true), '')")).toEqual({
      stringValue: "",
    });
  });

  test("an advisory lock of a call is free after it", async () => {
    expect(await api.value("select pg_try_advisory_lock(7)")).toEqual({ booleanValue: true });
    await expect
      .poll(() => api.value("select count(*) from pg_locks where locktype = 'advisory'"))
      .toEqual({ longValue: 0 });
  });

  test("COMMIT AND CHAIN goes on in a transaction of the same id", async () => {
    const transactionId = await api.begin();
    await api.execute("create table chained (n int4)", [], { transactionId });
    await api.execute("commit and chain", [], { transactionId });
    await api.execute("insert into chained values (1)", [], { transactionId });
    await api.rollback(transactionId);
    expect(await api.value("select count(*) from chained")).toEqual({ longValue: 0 });
  });

  test("what can't run in a transaction says so: 25001", async () => {
    await inTransaction((run) => expect(run("vacuum")).rejects.toThrow("SQLState: 25001"));
  });

  test("a result may have 1,600 columns, and PostgreSQL's limit is 1,664", async () => {
    const columns = (count: number) =>
      `select ${Array.from({ length: count }, (_, n) => `${n} c${n}`).join(", ")}`;
    const { records, columnMetadata } = await api.execute(columns(1600), [], { includeResultMetadata: true });
    expect([records?.[0]?.length, columnMetadata?.length]).toEqual([1600, 1600]);
    await expect(api.execute(columns(1665))).rejects.toThrow("SQLState: 54011");
  });

  test("a statement may have thousands of parameters, and nest as deep", async () => {
    const rows = Array.from({ length: 8000 }, () => "(:n)").join(", ");
    expect(await api.value(`select sum(n)::int8 from (values ${rows}) v(n)`, [long("n", 2)])).toEqual({
      longValue: 16_000,
    });
    const nested = `select ${"(".repeat(2000)}:n${")".repeat(2000)}`;
    expect(await api.value(nested, [long("n", 2)])).toEqual({ longValue: 2 });
  });

  describe("an error has its SQLState, and what else PostgreSQL says", () => {
    test.each([
      ["selekt 1", 'ERROR: syntax error at or near "selekt"; Position: 1; SQLState: 42601'],
      ["select 1 +", "ERROR: syntax error at end of input; Position: 11; SQLState: 42601"],
      ["select 'open", `ERROR: unterminated quoted string at or near "'open"; Position: 8; SQLState: 42601`],
      ["select /* open", 'ERROR: unterminated /* comment at or near "/* open"; Position: 8; SQLState: 42601'],
      ["select '😀é', nonsense", 'ERROR: column "nonsense" does not exist; Position: 14; SQLState: 42703'],
      ["select *\nfrom missing", 'ERROR: relation "missing" does not exist; Position: 15; SQLState: 42P01'],
      ["select 1 / 0", "ERROR: division by zero; SQLState: 22012"],
      ["select 'x'::int4", 'ERROR: invalid input syntax for type integer: "x"; Position: 8; SQLState: 22P02'],
      ["select 2147483648::int4", "ERROR: integer out of range; SQLState: 22003"],
      ["savepoint here", "ERROR: SAVEPOINT can only be used in transaction blocks; SQLState: 25P01"],
      [
        "declare c cursor for select 1",
        "ERROR: DECLARE CURSOR can only be used in transaction blocks; SQLState: 25P01",
      ],
      ["fetch 1 from nothing", 'ERROR: cursor "nothing" does not exist; SQLState: 34000'],
      ["execute nothing", 'ERROR: prepared statement "nothing" does not exist; SQLState: 26000'],
      ["select E'\\000'", 'ERROR: invalid byte sequence for encoding "UTF8": 0x00; SQLState: 22021'],
      ["select json '{'", expect.stringContaining("SQLState: 22P02")],
      [
        "select count(*) from generate_series(1, 3) group by nothing",
        expect.stringContaining("SQLState: 42703"),
      ],
      ["create table pg_catalog.mine (n int4)", expect.stringContaining("SQLState: 42501")],
      ["raise notice 'x'", 'ERROR: syntax error at or near "raise"; Position: 1; SQLState: 42601'],
    ])("%s", async (sql, message) => {
      await expect(api.execute(sql)).rejects.toMatchObject({
        name: "DatabaseErrorException",
        message,
        $metadata: { httpStatusCode: 400 },
      });
    });
  });

  test.each([
    ["insert into item (n) values (1)", "23505"],
    ["insert into item (id, n) values (null, 9)", "23502"],
    ["alter table item add check (n > 1)", "23514"],
    ["create table part (item int4 references item); insert into part values (99)", "23503"],
    ["insert into item (n) values ('x'::text)", "42804"],
  ])("a violated constraint is named: %s is %s", async (sql, state) => {
    await inTransaction(async (run) => {
      const statements = sql.split("; ");
      for (const before of statements.slice(0, -1)) await run(before);
      await expect(run(statements.at(-1) ?? "")).rejects.toThrow(`SQLState: ${state}`);
      await expect(run("select 1")).rejects.toThrow("SQLState: 25P02");
    });
  });

  test.each([
    ["create table made (n int4 default :n)", "42P02"],
    ["create table :n (n int4)", "42601"],
    ["set search_path to :n", "42601"],
    ["notify channel, :n", "42601"],
  ])("a parameter where PostgreSQL has none for it is its own error: %s", async (sql, state) => {
    await expect(api.execute(sql, [text("n", "x")])).rejects.toThrow(`SQLState: ${state}`);
  });

  test("a null has the type that its place gives it", async () => {
    const { records } = await api.execute("select coalesce(:a, 'x'), :a::int4 + 1, array[:a, 1]", [
      nothing("a"),
    ]);
    expect(records).toEqual([
      [{ stringValue: "x" }, { isNull: true }, { arrayValue: { longValues: [null, 1] } }],
    ]);
  });
});
