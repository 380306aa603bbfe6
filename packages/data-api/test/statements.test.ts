// Statements, batches and transactions: what runs, in which session, and when it ends.
import { describe, expect, test } from "vitest";
import { DataApi, ENGINES, long, nothing, text } from "./harness.ts";

const MINUTE = 60_000;

describe.each(ENGINES)("over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });

  test.each(["select 1; select 2", "select 1;;select 2", "begin; select 1"])(
    "several statements are refused: %s [live]",
    async (sql) => {
      await expect(api.execute(sql)).rejects.toMatchObject({
        name: "ValidationException",
        message: "Multistatements aren't supported.",
      });
    },
  );

  test("a semicolon at the end is let through", async () => {
    expect(await api.value("select 1 ; -- that's all\n")).toEqual({ longValue: 1 });
  });

  test.each(["", "  ", ";", "-- nothing", "/* nothing */ ;"])(
    "a statement of nothing is refused: '%s'",
    async (sql) => {
      await expect(api.execute(sql)).rejects.toMatchObject({ name: "ValidationException" });
    },
  );

  test.each([
    ["copy t from stdin", "CopyInResponse"],
    ["Copy t (n) From Stdin with (format csv) where n is distinct from 2", "CopyInResponse"],
    ["COPY t TO STDOUT", "CopyOutResponse"],
    ["copy (select n from t) to stdout", "CopyOutResponse"],
    ["copy binary t to /* 'file' */ stdout;", "CopyOutResponse"],
  ])("what would use the connection for data is refused: %s [live]", async (sql, response) => {
    const refused = { name: "DatabaseErrorException", message: `execute: unexpected message: ${response}` };
    await expect(api.execute(sql)).rejects.toMatchObject(refused);
    await expect(api.batch(sql, [[]])).rejects.toMatchObject(refused);
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test.each([
    "copy t from '/etc/hostname'",
    "copy t to program 'cat'",
    "copy (select 1) to 'stdout'",
    "copy t",
  ])("the machine's files and programs are out of reach: %s", async (sql) => {
    await expect(api.execute(sql)).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "COPY with a file or a program isn't supported: AWS allows neither. Insert rows with BatchExecuteStatement, and read them with SELECT.",
    });
  });

  test("an endless recursion is PostgreSQL's own error, and harms no other call", async () => {
    await api.execute(
      "create function deeper(n int4) returns int4 language plpgsql as 'begin return deeper(n + 1); end'",
    );
    await expect(api.execute("select deeper(1)")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: expect.stringContaining("SQLState: 54001"),
    });
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("outside a transaction a session starts in its initial state each time", async () => {
    await api.execute("set search_path to nowhere");
    await api.execute("set time zone 'Asia/Tokyo'");
    await api.execute("create temporary table passing (n int4)");
    await api.execute("prepare one as select 1");
    await api.execute("select set_config('data_api.who', 'me', false)");
    // PostgreSQL's pool may lend another connection: several calls meet each.
    for (let call = 0; call < 3; call++) {
      const { records } = await api.execute(
        `select current_setting('search_path'), current_setting('TimeZone'), to_regclass('passing')::text,
          (select count(*) from pg_prepared_statements), coalesce(current_setting('data_api.who', true), '')`,
      );
      expect(records).toEqual([
        [
          { stringValue: '"$user", public' },
          { stringValue: "UTC" },
          { isNull: true },
          { longValue: 0 },
          { stringValue: "" },
        ],
      ]);
    }
  });

  test("BEGIN as a statement leaves no transaction behind", async () => {
    await api.execute("create table left_open (n int4)");
    await api.execute("begin");
    await api.execute("insert into left_open values (1)");
    await api.execute("rollback");
    expect(await api.value("select count(*) from left_open")).toEqual({ longValue: 1 });
  });

  test("a batch runs once for each set and answers no rows", async () => {
    await api.execute("create table batched (n int4 primary key, name text)");
    const sql = "insert into batched values (:n, :name) returning n";
    const sets = [
      [long("n", 1), text("name", "a")],
      [long("n", 2), nothing("name")],
    ];
    expect(await api.batch(sql, sets)).toEqual({
      updateResults: [{ generatedFields: [] }, { generatedFields: [] }],
    });
    expect((await api.execute("select n, name from batched order by n")).records).toEqual([
      [{ longValue: 1 }, { stringValue: "a" }],
      [{ longValue: 2 }, { isNull: true }],
    ]);
  });

  test("a batch without sets executes nothing; an empty set executes once", async () => {
    await api.execute("create table ticks (n int4)");
    expect(await api.batch("insert into ticks values (1)", [])).toEqual({ updateResults: [] });
    expect(await api.value("select count(*) from ticks")).toEqual({ longValue: 0 });
    await api.batch("insert into ticks values (1)", [[]]);
    expect(await api.value("select count(*) from ticks")).toEqual({ longValue: 1 });
  });

  test("a batch is atomic only inside a transaction", async () => {
    await api.execute("create table half (n int4 primary key)");
    const sets = [[long("n", 1)], [long("n", 1)], [long("n", 2)]];
    await expect(api.batch("insert into half values (:n)", sets)).rejects.toMatchObject({
      name: "DatabaseErrorException",
    });
    expect(await api.value("select count(*) from half")).toEqual({ longValue: 1 });

    await api.execute("delete from half");
    const transactionId = await api.begin();
    await expect(api.batch("insert into half values (:n)", sets, transactionId)).rejects.toMatchObject({
      name: "DatabaseErrorException",
    });
    await api.rollback(transactionId);
    expect(await api.value("select count(*) from half")).toEqual({ longValue: 0 });
  });

  test("a batch with a set that can't be bound runs none", async () => {
    await api.execute("create table bound (n int4)");
    await expect(api.batch("insert into bound values (:n)", [[long("n", 1)], []])).rejects.toMatchObject({
      name: "ValidationException",
    });
    expect(await api.value("select count(*) from bound")).toEqual({ longValue: 0 });
  });

  // PGlite takes as many in a batch that is stopped (engines.test.ts).
  if (engine === "postgres") {
    test("a batch may have 10,000 sets", async () => {
      await api.execute("create table many (n int8)");
      const sets = Array.from({ length: 10_000 }, (_, n) => [long("n", n)]);
      const { updateResults } = await api.batch("insert into many values (:n)", sets);
      expect(updateResults).toHaveLength(10_000);
      expect((await api.execute("select count(*), sum(n)::int8 from many")).records).toEqual([
        [{ longValue: 10_000 }, { longValue: 49_995_000 }],
      ]);
    });
  }

  test("the sets of a batch may give more than it names, in any order, and never less", async () => {
    await api.execute("create table named (a int8, b text)");
    const sql = "insert into named values (:a, :b)";
    await api.batch(sql, [
      [long("a", 1), text("b", "x")],
      [text("b", "y"), text("c", "unused"), long("a", 2)],
    ]);
    await expect(api.batch(sql, [[long("a", 3), text("b", "z")], [long("a", 4)]])).rejects.toMatchObject({
      name: "ValidationException",
      message: "Cannot find parameter: b",
    });
    expect(await api.value("select count(*) from named")).toEqual({ longValue: 2 });
  });

  test("a batch of what returns rows answers none of them", async () => {
    expect(await api.batch("select :n", [[long("n", 1)], [long("n", 2)]])).toEqual({
      updateResults: [{ generatedFields: [] }, { generatedFields: [] }],
    });
  });

  test("a batch takes each set's own types", async () => {
    await api.execute("create table typed (a uuid)");
    const id = "0190b6a8-0000-7000-8000-00000000abcd";
    await api.batch("insert into typed values (:a)", [[text("a", id, "UUID")], [nothing("a")]]);
    await expect(api.batch("insert into typed values (:a)", [[text("a", id)]])).rejects.toThrow(
      "SQLState: 42804",
    );
    expect(await api.value("select count(*) from typed")).toEqual({ longValue: 2 });
  });

  test.each(["select 1; select 2", "select $$:x$$", ""])(
    "a batch refuses what a call refuses: '%s'",
    async (sql) => {
      await expect(api.batch(sql, [[]])).rejects.toMatchObject({ name: "ValidationException" });
    },
  );

  test("a batch that fails in a transaction leaves it to be rolled back", async () => {
    await api.execute("create table unbatched (n int8 primary key)");
    const transactionId = await api.begin();
    const sets = [[long("n", 1)], [long("n", 1)]];
    await expect(api.batch("insert into unbatched values (:n)", sets, transactionId)).rejects.toThrow(
      "23505",
    );
    await expect(
      api.batch("insert into unbatched values (:n)", [[long("n", 2)]], transactionId),
    ).rejects.toThrow("25P02");
    await api.rollback(transactionId);
    expect(await api.value("select count(*) from unbatched")).toEqual({ longValue: 0 });
  });

  const gone = { name: "TransactionNotFoundException", $metadata: { httpStatusCode: 404 } };

  test("what is committed stays, what is rolled back does not, tables included", async () => {
    const kept = await api.begin();
    await api.execute("create table kept (n int4)", [], { transactionId: kept });
    await api.execute("insert into kept values (1)", [], { transactionId: kept });
    expect(await api.commit(kept)).toMatchObject({ transactionStatus: "Transaction Committed" });

    const dropped = await api.begin();
    await api.execute("create table dropped (n int4)", [], { transactionId: dropped });
    await api.execute("insert into kept values (2)", [], { transactionId: dropped });
    expect(await api.rollback(dropped)).toMatchObject({ transactionStatus: "Rollback Complete" });

    const { records } = await api.execute("select count(*), to_regclass('dropped') is null from kept");
    expect(records).toEqual([[{ longValue: 1 }, { booleanValue: true }]]);
  });

  test("an id fits its limit of 192 characters and serves once", async () => {
    const id = await api.begin();
    expect(id.length).toBeLessThanOrEqual(192);
    await api.commit(id);
    await expect(api.commit(id)).rejects.toMatchObject(gone);
    await expect(api.rollback(id)).rejects.toMatchObject(gone);
    await expect(api.execute("select 1", [], { transactionId: id })).rejects.toMatchObject(gone);
    await expect(api.execute("select 1", [], { transactionId: "made up" })).rejects.toMatchObject(gone);
  });

  test("an unknown id is 404 for each operation, and an empty one for those that need it", async () => {
    for (const id of ["", "unknown", "x".repeat(192)]) {
      await expect(api.commit(id)).rejects.toMatchObject(gone);
      await expect(api.rollback(id)).rejects.toMatchObject(gone);
    }
    await expect(api.execute("select 1", [], { transactionId: "unknown" })).rejects.toMatchObject(gone);
    await expect(api.batch("select 1", [[]], "unknown")).rejects.toMatchObject(gone);
    expect(await api.value("select 1", [], { transactionId: "" })).toEqual({ longValue: 1 });
  });

  test.each([
    ["isolation level serializable", "serializable"],
    ["isolation level repeatable read", "repeatable read"],
    ["isolation level read committed", "read committed"],
  ])("a transaction may have another %s", async (level, shown) => {
    const transactionId = await api.begin();
    await api.execute(`set transaction ${level}`, [], { transactionId });
    const field = await api.value("select current_setting('transaction_isolation')", [], { transactionId });
    await api.rollback(transactionId);
    expect(field).toEqual({ stringValue: shown });
    expect(await api.value("show transaction_isolation")).toEqual({ stringValue: "read committed" });
  });

  test("a transaction that only reads writes nothing: 25006", async () => {
    const transactionId = await api.begin();
    await api.execute("set transaction read only", [], { transactionId });
    await expect(api.execute("create table unread (n int4)", [], { transactionId })).rejects.toThrow(
      "SQLState: 25006",
    );
    await api.rollback(transactionId);
  });

  test("what is refused before it reaches PostgreSQL leaves the transaction as it was", async () => {
    await api.execute("create table untouched (n int8)");
    const transactionId = await api.begin();
    await api.execute("insert into untouched values (1)", [], { transactionId });
    for (const sql of [
      "select 1; select 2",
      "select :missing",
      "",
      "copy untouched to 'file'",
      "select $$:x$$",
    ]) {
      await expect(api.execute(sql, [], { transactionId })).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
    await expect(api.execute("copy untouched to stdout", [], { transactionId })).rejects.toThrow("CopyOut");
    await api.commit(transactionId);
    expect(await api.value("select count(*) from untouched")).toEqual({ longValue: 1 });
  });

  test("a result that has no Field, or is too large, leaves the transaction as it was", async () => {
    await api.execute("create table answered (n int8)");
    const transactionId = await api.begin();
    await api.execute("insert into answered values (1)", [], { transactionId });
    for (const expression of ["interval '1 day'", "repeat('x', 70000)", "array[[1]]", "'infinity'::date"]) {
      await expect(api.execute(`select ${expression}`, [], { transactionId })).rejects.toThrow();
    }
    await api.commit(transactionId);
    expect(await api.value("select count(*) from answered")).toEqual({ longValue: 1 });
  });

  test("after an error only a rollback helps: 25P02", async () => {
    const transactionId = await api.begin();
    await expect(api.execute("select 1 / 0", [], { transactionId })).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 22012"),
    });
    await expect(api.execute("select 1", [], { transactionId })).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 25P02"),
    });
    await api.rollback(transactionId);
  });

  test("committing what failed is an error, never a silent rollback", async () => {
    await api.execute("create table silent (n int4)");
    const transactionId = await api.begin();
    await api.execute("insert into silent values (1)", [], { transactionId });
    await expect(api.execute("select nonsense", [], { transactionId })).rejects.toThrow();
    await expect(api.commit(transactionId)).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: expect.stringContaining("SQLState: 25P02"),
    });
    await expect(api.rollback(transactionId)).rejects.toMatchObject(gone);
    expect(await api.value("select count(*) from silent")).toEqual({ longValue: 0 });
  });

  test("a constraint that is checked at the commit fails the commit", async () => {
    await api.execute("create table late (n int4 unique deferrable initially deferred)");
    const transactionId = await api.begin();
    await api.execute("insert into late values (1), (1)", [], { transactionId });
    await expect(api.commit(transactionId)).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 23505"),
    });
    await expect(api.commit(transactionId)).rejects.toMatchObject(gone);
  });

  test("savepoints are ordinary SQL", async () => {
    const transactionId = await api.begin();
    const run = (sql: string) => api.execute(sql, [], { transactionId });
    await run("create table saved (n int4)");
    await run("savepoint here");
    await expect(run("insert into saved values ('x'::int4)")).rejects.toThrow();
    await run("rollback to savepoint here");
    await run("insert into saved values (1)");
    await api.commit(transactionId);
    expect(await api.value("select count(*) from saved")).toEqual({ longValue: 1 });
  });

  test("COMMIT as a statement ends the transaction", async () => {
    const transactionId = await api.begin();
    await api.execute("create table self_made (n int4)", [], { transactionId });
    await api.execute("commit", [], { transactionId });
    await expect(api.commit(transactionId)).rejects.toMatchObject(gone);
    expect(await api.value("select count(*) from self_made")).toEqual({ longValue: 0 });
  });

  test("settings of a transaction's session don't outlive it", async () => {
    const transactionId = await api.begin();
    await api.execute("set search_path to nowhere", [], { transactionId });
    await api.commit(transactionId);
    expect(await api.value("show search_path")).toEqual({ stringValue: '"$user", public' });
  });

  test("two calls at once on one transaction: the second is refused at once [live]", async () => {
    const transactionId = await api.begin();
    const sql = "select pg_sleep(0.3)::text";
    const first = api.execute(sql, [], { transactionId });
    await api.running(sql);
    await expect(api.execute("select 1", [], { transactionId })).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: "Transaction is still running a query",
    });
    expect((await first).records).toHaveLength(1);
    await api.rollback(transactionId);
  });

  test("a transaction ends after three minutes without a call, rolled back [doc]", async () => {
    await api.execute("create table idle (n int4)");
    const transactionId = await api.begin();
    await api.execute("insert into idle values (1)", [], { transactionId });
    api.clock.advance(3 * MINUTE - 1);
    await api.execute("insert into idle values (2)", [], { transactionId });
    api.clock.advance(3 * MINUTE - 1);
    await api.execute("insert into idle values (3)", [], { transactionId });
    api.clock.advance(3 * MINUTE);
    await expect(api.execute("select 1", [], { transactionId })).rejects.toMatchObject(gone);
    await expect(api.commit(transactionId)).rejects.toMatchObject(gone);
    expect(await api.value("select count(*) from idle")).toEqual({ longValue: 0 });
  });

  test("a transaction ends after 24 hours, however busy [doc]", async () => {
    const transactionId = await api.begin();
    const step = 3 * MINUTE - 1;
    let passed = 0;
    for (; passed + step < 24 * 60 * MINUTE; passed += step) {
      api.clock.advance(step);
      await api.execute("select 1", [], { transactionId });
    }
    api.clock.advance(24 * 60 * MINUTE - passed);
    await expect(api.execute("select 1", [], { transactionId })).rejects.toMatchObject(gone);
  });

  test("a call with another database's name is refused", async () => {
    await expect(api.execute("select 1", [], { database: "elsewhere" })).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: 'ERROR: database "elsewhere" does not exist; SQLState: 3D000',
    });
    expect(await api.execute("select 1", [], { database: undefined })).toMatchObject({ records: [[{}]] });
  });
});

describe.each(ENGINES)("with allowFailedCommit, over %s", (engine) => {
  const api = new DataApi(engine, { allowFailedCommit: true });

  test("a commit after an error is answered as a commit, though everything is rolled back [live]", async () => {
    await api.execute("create table lost (n int4 primary key)");
    const transactionId = await api.begin();
    await api.execute("insert into lost values (1)", [], { transactionId });
    await expect(api.execute("insert into lost values (1)", [], { transactionId })).rejects.toThrow("23505");
    await expect(api.execute("select 1", [], { transactionId })).rejects.toThrow("25P02");

    expect(await api.commit(transactionId)).toMatchObject({ transactionStatus: "Transaction Committed" });

    expect(await api.value("select count(*) from lost")).toEqual({ longValue: 0 });
    await expect(api.commit(transactionId)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
  });

  test("a commit that fails by itself is still an error", async () => {
    await api.execute("create table late (n int4 unique deferrable initially deferred)");
    const transactionId = await api.begin();
    await api.execute("insert into late values (1), (1)", [], { transactionId });
    await expect(api.commit(transactionId)).rejects.toThrow("SQLState: 23505");
  });
});
