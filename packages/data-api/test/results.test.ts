// What a statement's result looks like in a response.
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { blob, DataApi, ENGINES, long, text } from "./harness.ts";

describe.each(ENGINES)("results over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });

  test.each([
    ["42::int2", { longValue: 42 }],
    ["42::int4", { longValue: 42 }],
    ["42::int8", { longValue: 42 }],
    ["12.50::numeric(10, 2)", { stringValue: "12.50" }],
    ["1.5::float4", { doubleValue: 1.5 }],
    ["1.1::float4", { doubleValue: 1.1 }],
    ["'3.4028235e+38'::float4", { doubleValue: 3.4028235e38 }],
    ["'1e-45'::float4", { doubleValue: 1e-45 }],
    ["'-0'::float4", { doubleValue: -0 }],
    ["'Infinity'::float4", { doubleValue: Number.POSITIVE_INFINITY }],
    ["1e300::float8", { doubleValue: 1e300 }],
    ["5e-324::float8", { doubleValue: 5e-324 }],
    ["4294967295::oid", { stringValue: "4294967295" }],
    ["'NaN'::float8", { doubleValue: Number.NaN }],
    ["'-infinity'::float8", { doubleValue: Number.NEGATIVE_INFINITY }],
    ["true", { booleanValue: true }],
    ["false", { booleanValue: false }],
    ["'a \"quoted\" text'::text", { stringValue: 'a "quoted" text' }],
    ["'ab'::char(4)", { stringValue: "ab  " }],
    ["'ab'::varchar(4)", { stringValue: "ab" }],
    ["'ab'::name", { stringValue: "ab" }],
    ["'\\x00ff'::bytea", { blobValue: new Uint8Array([0, 255]) }],
    ["''::bytea", { blobValue: new Uint8Array() }],
    ["'0190B6A8-0000-7000-8000-00000000ABCD'::uuid", { stringValue: "0190b6a8-0000-7000-8000-00000000abcd" }],
    ['\'{"b": 1,  "a":2}\'::json', { stringValue: '{"b": 1,  "a":2}' }],
    ['\'{"b": 1,  "a":2}\'::jsonb', { stringValue: '{"a":2,"b":1}' }],
    ['\'{"x": 0, "y": "0"}\'::jsonb', { stringValue: '{"x":0,"y":"0"}' }],
    ["'2024-05-01'::date", { stringValue: "2024-05-01" }],
    ["'12:00'::time", { stringValue: "12:00:00" }],
    ["'12:00:00.5'::time", { stringValue: "12:00:00.500" }],
    ["'2024-05-01 12:00'::timestamp", { stringValue: "2024-05-01 12:00:00" }],
    ["'10.0.0.1'::inet", { stringValue: "10.0.0.1" }],
    ["'10.0.0.0/8'::cidr", { stringValue: "10.0.0.0/8" }],
    ["'[1,10)'::int4range", { stringValue: "[1,10)" }],
    ["'[0.5,)'::numrange", { stringValue: "[0.5,)" }],
    ["pg_advisory_xact_lock(1)", { stringValue: "" }],
    ["pg_sleep(0)", { stringValue: "" }],
    ["null::int4", { isNull: true }],
    ["null", { isNull: true }],
  ])("%s is one Field with one member", async (expression, field) => {
    expect(await api.value(`select ${expression}`)).toEqual(field);
  });

  test.each([
    ["2024-05-01 12:00:00+00", "2024-05-01 12:00:00"],
    ["2024-05-01 12:00:00.1+00", "2024-05-01 12:00:00.100"],
    ["2024-05-01 12:00:00.123+00", "2024-05-01 12:00:00.123"],
    ["2024-05-01 12:00:00.1234+00", "2024-05-01 12:00:00.123400"],
    ["2024-05-01 12:00:00.000001+00", "2024-05-01 12:00:00.000001"],
    ["2024-05-01 00:30:00+02", "2024-04-30 22:30:00"],
    ["2024-02-29 23:30:00-08:30", "2024-03-01 08:00:00"],
  ])("the timestamptz %s leaves as UTC without an offset: %s [live]", async (written, shown) => {
    expect(await api.value(`select '${written}'::timestamptz`)).toEqual({ stringValue: shown });
  });

  test("a timestamptz is UTC in a session of any zone, in every year that PostgreSQL knows", async () => {
    const moment = fc
      .tuple(
        fc.integer({ min: -4712, max: 294_275 }),
        fc.nat(364),
        fc.integer({ min: 0, max: 86_399_999_999 }),
      )
      .map(([year, day, micros]) => ({ year, day, micros }));
    const zone = fc.constantFrom(
      "America/St_Johns",
      "Asia/Kathmandu",
      "Pacific/Kiritimati",
      "-03:30",
      "Europe/Amsterdam",
    );
    const transactionId = await api.begin();
    onTestFinished(() => api.rollback(transactionId).then(() => {})); // also where the law fails
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 5, maxLength: 20 }), zone, async (moments, name) => {
        const list = moments
          .map(({ year, day, micros }) => {
            const [shown, era] = year > 0 ? [year, ""] : [1 - year, " BC"];
            return `('${String(shown).padStart(4, "0")}-01-01${era}'::timestamp + ${day} * interval '1 day' + ${micros} * interval '1 microsecond')`;
          })
          .join(", ");
        await api.execute(`set local time zone '${name}'`, [], { transactionId });
        const { records } = await api.execute(
          `select t at time zone 'UTC', t from unnest(array[${list}]) t`,
          [],
          { transactionId },
        );
        for (const [inZone, plain] of records ?? []) expect(inZone).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  test.each(["timestamptz", "timestamp", "date"])(
    "an infinite %s is an InternalFailure [live]; why, AWS does not say",
    async (type) => {
      await expect(api.execute(`select 'infinity'::${type}`)).rejects.toMatchObject({
        name: "InternalFailure",
        message: expect.stringContaining("Cast it to text."),
        $metadata: { httpStatusCode: 500 },
      });
    },
  );

  test.each([
    ["array[1, null, 3]", { longValues: [1, null, 3] }],
    ["array[true, false]", { booleanValues: [true, false] }],
    ["array[1.5::float8]", { doubleValues: [1.5] }],
    ["array[1.1, null, 'NaN']::float4[]", { doubleValues: [1.1, null, Number.NaN] }],
    ["array[1.50::numeric]", { stringValues: ["1.50"] }],
    ["'{}'::text[]", { stringValues: [] }],
    [
      `array['plain', 'a,b', '{}', 'say "hi"', 'back\\slash', '', 'NULL', null, ' x ']`,
      { stringValues: ["plain", "a,b", "{}", 'say "hi"', "back\\slash", "", "NULL", null, " x "] },
    ],
    [
      String.raw`array['\', '"', '\"', '\\"', '"\', '\,\']`,
      { stringValues: ["\\", '"', '\\"', '\\\\"', '"\\', "\\,\\"] },
    ],
    ["array['2024-05-01 00:30:00+02'::timestamptz]", { stringValues: ["2024-04-30 22:30:00"] }],
    ["'[0:1]={5,6}'::int4[]", { longValues: [5, 6] }],
    [`array['[1, {"a": 2}]', null]::jsonb[]`, { stringValues: ['[1,{"a":2}]', null] }],
  ])("the array %s is an arrayValue", async (expression, arrayValue) => {
    expect(await api.value(`select ${expression}`)).toEqual({ arrayValue });
  });

  test("a jsonb is compact, with every character of its strings and every digit of its numbers [live]", async () => {
    const compact = String.raw`{"n":[12345678901234567890.1234567890,null,{}],"\": ":[", ","\\",": ","\\\", ","{ [","\n, ",""]}`;
    expect(await api.value("select :j::jsonb", [text("j", compact)])).toEqual({ stringValue: compact });
  });

  test("enums, domains and their arrays come as what they are made of", async () => {
    await api.execute("create type mood as enum ('calm', 'merry')");
    await api.execute("create domain title as text");
    await api.execute("create domain count as int8");
    await api.execute("create domain small_count as count");
    const { records } = await api.execute(
      "select 'calm'::mood, array['merry']::mood[], 'Dr'::title, array['Dr']::title[], array[1]::small_count[]",
    );
    expect(records).toEqual([
      [
        { stringValue: "calm" },
        { arrayValue: { stringValues: ["merry"] } },
        { stringValue: "Dr" },
        { arrayValue: { stringValues: ["Dr"] } },
        { arrayValue: { longValues: [1] } },
      ],
    ]);
  });

  test("a composite type is refused by its name", async () => {
    await api.execute("create type pair as (a int4, b int4)");
    for (const [expression, type] of [
      ["row(1, 2)::pair", "pair"],
      ["array[row(1, 2)::pair]", "pair[]"],
    ]) {
      await expect(api.execute(`select ${expression}`)).rejects.toMatchObject({
        message: `The result contains the unsupported data type ${type}.`,
      });
    }
  });

  test("a type is known in the transaction that makes it", async () => {
    const transactionId = await api.begin();
    await api.execute("create type colour as enum ('red')", [], { transactionId });
    const { records } = await api.execute("select 'red'::colour", [], { transactionId });
    await api.rollback(transactionId);
    expect(records).toEqual([[{ stringValue: "red" }]]);
  });

  test("a vector, which is an extension's type, is a string [doc]", async () => {
    for (const statement of [
      "create type vector",
      "create function vector_in(cstring) returns vector as 'textin' language internal immutable strict",
      "create function vector_out(vector) returns cstring as 'textout' language internal immutable strict",
      "create type vector (input = vector_in, output = vector_out, like = text)",
    ]) {
      await api.execute(statement);
    }
    expect(await api.value("select '[1,2.5]'::vector")).toEqual({ stringValue: "[1,2.5]" });
  });

  test.each([
    ["interval '1 day'", "INTERVAL"],
    ["'12:00+00'::timetz", "TIMETZ"],
    ["'a'::\"char\"", '"CHAR"'],
    ["'pg_class'::regclass", "regclass"],
    ["'int4'::regtype", "regtype"],
    ["array['int4'::regtype]", "regtype[]"],
    ["array[interval '1 day']", "INTERVAL[]"],
    ["array['a'::\"char\"]", '"CHAR"[]'],
    ["array['10.0.0.1'::inet]", "INET[]"],
    ["'<a/>'::xml", "xml"],
    ["'1'::money", "MONEY"],
    ["'(1,2)'::point", "POINT"],
    ["'((0,0),(1,1))'::box", "BOX"],
    ["'<(0,0),1>'::circle", "CIRCLE"],
    ["'((0,0),(1,1))'::path", "PATH"],
    ["'{1,2,3}'::line", "LINE"],
    ["'((0,0),(1,1))'::lseg", "LSEG"],
    ["'((0,0),(1,1))'::polygon", "POLYGON"],
    ["B'101'", "BIT"],
    ["B'101'::varbit", "VARBIT"],
    ["'08:00:2b:01:02:03'::macaddr", "MACADDR"],
    ["array['[1,2]'::int4range]", "INT4RANGE[]"],
    ["'[2024-05-01,)'::daterange", "DATERANGE"],
    ["'{[1,2]}'::int4multirange", "int4multirange"],
    ["'$.a'::jsonpath", "JSONPATH"],
    ["row(1, 2)", "RECORD"],
    ["to_tsvector('simple', 'a')", "tsvector"],
    ["'a'::tsquery", "tsquery"],
    ["'0/0'::pg_lsn", "pg_lsn"],
    ["'1'::xid", "xid"],
    ["'1 2'::int2vector", "int2vector"],
    ["'c'::refcursor", "refcursor"],
  ])("%s is refused by its type, but only where there is a row [live]", async (expression, type) => {
    await expect(api.execute(`select ${expression}`)).rejects.toMatchObject({
      name: "UnsupportedResultException",
      message: `The result contains the unsupported data type ${type}.`,
    });
    expect(await api.execute(`select ${expression} where false`)).toEqual({
      records: [],
      numberOfRecordsUpdated: 0,
    });
  });

  test("no rows of a type without a Field have metadata, which is how a client finds what to cast [live]", async () => {
    await api.execute("create type spread as (a int4, b int4)");
    await api.execute(
      `create table without_field (i interval, p interval(3), t timetz(2), m money, b bit(3), v varbit, c "char", x xml,
        r regclass, s spread, n inet[])`,
    );
    const { records, columnMetadata = [] } = await api.execute("select * from without_field", [], {
      includeResultMetadata: true,
    });
    expect(records).toEqual([]);
    expect(
      columnMetadata.map(({ typeName, type, precision, scale, arrayBaseColumnType }) => [
        typeName,
        type,
        precision,
        scale,
        arrayBaseColumnType,
      ]),
    ).toEqual([
      ["interval", 1111, 49, 6, 0],
      ["interval", 1111, 49, 3, 0],
      ["timetz", 92, 17, 2, 0],
      ["money", 8, 2147483647, 0, 0],
      ["bit", -7, 3, 0, 0],
      ["varbit", 1111, 2147483647, 0, 0],
      ["char", 1, 1, 0, 0],
      ["xml", 2009, 2147483647, 0, 0],
      ["regclass", 1111, 2147483647, 0, 0],
      ["spread", 2002, 2147483647, 0, 0],
      ["_inet", 2003, 2147483647, 0, 1111],
    ]);
    expect(columnMetadata[0]).toMatchObject({ tableName: "without_field", isCaseSensitive: false });
    expect(columnMetadata[3]).toMatchObject({ isCurrency: true, isSigned: false });
    expect(await api.execute("select * from without_field", [], { formatRecordsAs: "JSON" })).toMatchObject({
      formattedRecords: "[]",
    });
  });

  test("an array of more dimensions is refused", async () => {
    await expect(api.execute("select array[[1, 2], [3, 4]]")).rejects.toMatchObject({
      name: "UnsupportedResultException",
      message: expect.stringContaining("multidimensional array"),
    });
  });

  test("a SELECT has records and a count of 0, found or not", async () => {
    expect(await api.execute("select 1")).toEqual({
      records: [[{ longValue: 1 }]],
      numberOfRecordsUpdated: 0,
    });
    expect(await api.execute("select 1 where false")).toEqual({ records: [], numberOfRecordsUpdated: 0 });
  });

  test("a change has a count and no records; RETURNING has records", async () => {
    await api.execute("create table counted (n int4)");
    const changed = (numberOfRecordsUpdated: number) => ({ numberOfRecordsUpdated, generatedFields: [] });
    expect(await api.execute("insert into counted select generate_series(1, 3)")).toEqual(changed(3));
    expect(await api.execute("update counted set n = n + 1 where n > 1")).toEqual(changed(2));
    expect(await api.execute("delete from counted where n = 1")).toEqual(changed(1));
    expect(await api.execute("update counted set n = 0 where false")).toEqual(changed(0));
    expect(
      await api.execute("merge into counted c using (values (3)) v(n) on c.n = v.n when matched then delete"),
    ).toEqual(changed(1));
    expect((await api.execute("insert into counted values (9) returning n")).records).toEqual([
      [{ longValue: 9 }],
    ]);
    expect(await api.execute("create index on counted (n)")).toEqual(changed(0));
  });

  test("metadata come only when they are asked for", async () => {
    await api.execute(
      "create table described (id serial primary key, name varchar(20) not null, price numeric(10, 2), tags text[], at timestamptz, b bytea)",
    );
    const sql = "select id, name as title, price, tags, at, b, 1 + 1 as sum from described";
    expect(await api.execute(sql)).not.toHaveProperty("columnMetadata");
    const { columnMetadata } = await api.execute(sql, [], { includeResultMetadata: true });
    const of = (
      ...[label, typeName, type, nullable, precision, scale]: [string, string, number, number, number, number]
    ) =>
      expect.objectContaining({
        name: label,
        label,
        typeName,
        type,
        nullable,
        precision,
        scale,
        schemaName: "",
      });
    expect(columnMetadata).toEqual([
      of("id", "serial", 4, 0, 10, 0),
      of("title", "varchar", 12, 0, 20, 0),
      of("price", "numeric", 2, 1, 10, 2),
      of("tags", "_text", 2003, 1, 2147483647, 0),
      of("at", "timestamptz", 93, 1, 35, 6),
      of("b", "bytea", -2, 1, 2147483647, 0),
      of("sum", "int4", 4, 2, 10, 0),
    ]);
    expect(columnMetadata?.[0]).toMatchObject({
      tableName: "described",
      isAutoIncrement: true,
      isSigned: true,
    });
    expect(columnMetadata?.[3]).toMatchObject({ arrayBaseColumnType: 12, isAutoIncrement: false });
    expect(columnMetadata?.[6]).toMatchObject({ tableName: "", isAutoIncrement: false });
  });

  test("metadata tell of a column what its table says, and of an expression nothing", async () => {
    await api.execute("create domain given as int4 not null");
    await api.execute("create type state as enum ('on')");
    await api.execute(
      `create table thing (i int4 generated always as identity, b bigserial, s smallserial, n numeric(5, -2), m numeric,
        c char(3), v varchar, z timestamptz(3), t time(0), p timestamp, d given, e state, f float8, y bool, u uuid)`,
    );
    const { columnMetadata = [] } = await api.execute("select * from thing", [], {
      includeResultMetadata: true,
    });
    expect(
      columnMetadata.map(({ name, typeName, type, nullable, precision, scale }) => [
        name,
        typeName,
        type,
        nullable,
        precision,
        scale,
      ]),
    ).toEqual([
      ["i", "serial", 4, 0, 10, 0],
      ["b", "bigserial", -5, 0, 19, 0],
      ["s", "smallserial", 5, 0, 5, 0],
      ["n", "numeric", 2, 1, 5, -2],
      ["m", "numeric", 2, 1, 0, 0],
      ["c", "bpchar", 1, 1, 3, 0],
      ["v", "varchar", 12, 1, 2147483647, 0],
      ["z", "timestamptz", 93, 1, 32, 3],
      ["t", "time", 92, 1, 8, 0],
      ["p", "timestamp", 93, 1, 29, 6],
      ["d", "int4", 4, 0, 10, 0],
      ["e", "state", 12, 1, 2147483647, 0],
      ["f", "float8", 8, 1, 17, 17],
      ["y", "bool", -7, 1, 1, 0],
      ["u", "uuid", 1111, 1, 2147483647, 0],
    ]);
    const { columnMetadata: other } = await api.execute("select i as other, i + 1, now() from thing", [], {
      includeResultMetadata: true,
    });
    expect(other).toMatchObject([
      { name: "other", label: "other", tableName: "thing", isAutoIncrement: true },
      { name: "?column?", tableName: "", nullable: 2, isAutoIncrement: false },
      { name: "now", tableName: "", nullable: 2, isCaseSensitive: false },
    ]);
  });

  test("the metadata of an array are those of its elements, as PostgreSQL's JDBC driver has them", async () => {
    await api.execute("create type tint as enum ('red')");
    await api.execute(
      `create table listed (i int4[], n numeric(10, 2)[], v varchar(20)[], t timestamptz(3)[], f float4[], b bool[],
        s text[], e tint[], d interval[], m int2[][])`,
    );
    const { columnMetadata = [] } = await api.execute("select * from listed", [], {
      includeResultMetadata: true,
    });
    expect(
      columnMetadata.map((c) => [
        c.typeName,
        c.type,
        c.arrayBaseColumnType,
        c.precision,
        c.scale,
        c.isSigned,
        c.isCaseSensitive,
      ]),
    ).toEqual([
      ["_int4", 2003, 4, 10, 0, true, false],
      ["_numeric", 2003, 2, 10, 2, true, false],
      ["_varchar", 2003, 12, 20, 0, false, true],
      ["_timestamptz", 2003, 93, 32, 3, false, false],
      ["_float4", 2003, 7, 8, 8, true, false],
      ["_bool", 2003, -7, 1, 0, false, false],
      ["_text", 2003, 12, 2147483647, 0, false, true],
      ["_tint", 2003, 12, 2147483647, 0, false, true],
      ["_interval", 2003, 1111, 49, 6, false, false],
      ["_int2", 2003, 5, 5, 0, true, false],
    ]);
  });

  test("metadata come with RETURNING, without rows, and never for what has no rows", async () => {
    await api.execute("create table told (id serial)");
    const asked = { includeResultMetadata: true };
    const names = async (sql: string) =>
      (await api.execute(sql, [], asked)).columnMetadata?.map(({ name }) => name);
    expect(await names("insert into told default values returning id")).toEqual(["id"]);
    expect(await names("select id from told where false")).toEqual(["id"]);
    expect(await names("select from told")).toEqual([]);
    expect(await api.execute("insert into told default values", [], asked)).not.toHaveProperty(
      "columnMetadata",
    );
  });

  test("longs and decimals come as the options say [doc]", async () => {
    const sql = "select 7::int8, array[7::int8], 1.50::numeric, 2::numeric, array[1.50::numeric, 2]";
    const options = (resultSetOptions: object) =>
      api.execute(sql, [], { resultSetOptions }).then((a) => a.records?.[0]);
    expect(await options({ longReturnType: "STRING" })).toEqual([
      { stringValue: "7" },
      { arrayValue: { stringValues: ["7"] } },
      { stringValue: "1.50" },
      { stringValue: "2" },
      { arrayValue: { stringValues: ["1.50", "2"] } },
    ]);
    expect(await options({ decimalReturnType: "DOUBLE_OR_LONG" })).toEqual([
      { longValue: 7 },
      { arrayValue: { longValues: [7] } },
      { doubleValue: 1.5 },
      { longValue: 2 },
      { arrayValue: { stringValues: ["1.50", "2"] } },
    ]);
  });

  test("a decimal that is no long is a double, however large", async () => {
    const decimals =
      "select 9223372036854775807::numeric, 9223372036854775808::numeric, 1e400::numeric, -1e400::numeric, 'NaN'::numeric, 'infinity'::numeric";
    const { records } = await api.execute(decimals, [], {
      resultSetOptions: { decimalReturnType: "DOUBLE_OR_LONG" },
    });
    expect(records?.[0]?.slice(1)).toEqual([
      { doubleValue: 2 ** 63 },
      { doubleValue: Number.POSITIVE_INFINITY },
      { doubleValue: Number.NEGATIVE_INFINITY },
      { doubleValue: Number.NaN },
      { doubleValue: Number.POSITIVE_INFINITY },
    ]);
    expect(records?.[0]?.[0]).toHaveProperty("longValue");
  });

  test("bytes are the same in a session that writes them in the escape format", async () => {
    const transactionId = await api.begin();
    await api.execute("set local bytea_output to escape", [], { transactionId });
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const field = await api.value("select :b || '\\x'::bytea", [blob("b", bytes)], { transactionId });
    await api.rollback(transactionId);
    expect(field).toEqual({ blobValue: bytes });
  });

  test("records as JSON are rows by label, with strings for decimals [doc]", async () => {
    const sql =
      "select 7::int8 as n, 1.50::numeric as price, 'a\"b' as s, true as ok, null as no, array[1, null] as list, '\\x01ff'::bytea as b, '2024-05-01 12:00+00'::timestamptz as at";
    const { formattedRecords, ...rest } = await api.execute(sql, [], { formatRecordsAs: "JSON" });
    expect(rest).toEqual({ numberOfRecordsUpdated: 0 });
    expect(JSON.parse(formattedRecords ?? "")).toEqual([
      {
        n: 7,
        price: "1.50",
        s: 'a"b',
        ok: true,
        no: null,
        list: [1, null],
        b: "Af8=",
        at: "2024-05-01 12:00:00",
      },
    ]);
    const other = await api.execute("select 7 as n, 1.50 as price, array[1.50, 'NaN'] as prices", [], {
      formatRecordsAs: "JSON",
      resultSetOptions: { decimalReturnType: "DOUBLE_OR_LONG", longReturnType: "STRING" },
    });
    expect(other.formattedRecords).toBe('[{"n":"7","price":1.50,"prices":[1.50,"NaN"]}]');
  });

  test("records as JSON need labels of their own, and are for SELECT alone [doc]", async () => {
    await expect(api.execute("select 1 as n, 2 as n", [], { formatRecordsAs: "JSON" })).rejects.toMatchObject(
      {
        name: "ValidationException",
      },
    );
    await api.execute("create table plain (n int4)");
    const inserted = await api.execute("insert into plain values (1) returning n", [], {
      formatRecordsAs: "JSON",
    });
    expect(inserted).not.toHaveProperty("formattedRecords");
    expect(inserted.records).toEqual([[{ longValue: 1 }]]);
  });

  test.each([
    ["select 1 as n where false", "[]"],
    ["select null as n", '[{"n":null}]'],
    ["values (1, 'a'), (2, null)", '[{"column1":1,"column2":"a"},{"column1":2,"column2":null}]'],
    ["with w as (select 1 as n) select n from w", '[{"n":1}]'],
    [`select 1 as "a""b", 2 as "😀", 3 as "\\"`, '[{"a\\"b":1,"😀":2,"\\\\":3}]'],
    ["select 1 as __proto__", '[{"__proto__":1}]'],
    ["select 'NaN'::float8 as n, '-Infinity'::float4 as m", '[{"n":"NaN","m":"-Infinity"}]'],
    ["select 1.1::float4 as n, array[1.1::float4] as list", '[{"n":1.1,"list":[1.1]}]'],
    [`select '{"a": [1]}'::jsonb as j`, '[{"j":"{\\"a\\":[1]}"}]'],
    ["select array['a', null] as list, '{}'::int4[] as none", '[{"list":["a",null],"none":[]}]'],
    ["select '12:30'::time as t, '2024-05-01'::date as d", '[{"t":"12:30:00","d":"2024-05-01"}]'],
  ])("as JSON, %s is %s", async (sql, formattedRecords) => {
    expect(await api.execute(sql, [], { formatRecordsAs: "JSON", includeResultMetadata: true })).toEqual({
      numberOfRecordsUpdated: 0,
      formattedRecords,
    });
  });

  test.each(["show search_path", "explain select 1"])(
    "what is no SELECT has records for all that: %s [doc]",
    async (sql) => {
      const answer = await api.execute(sql, [], { formatRecordsAs: "JSON" });
      expect(answer).toMatchObject({ records: expect.any(Array) });
      expect(answer).not.toHaveProperty("formattedRecords");
    },
  );

  test("what JSON can't hold is refused before anything is lost: equal labels, types without a Field", async () => {
    const json = { formatRecordsAs: "JSON" } as const;
    await expect(api.execute("select 1, 2", [], json)).rejects.toThrow("Two columns have the label ?column?");
    await expect(api.execute("select interval '1 day' as i", [], json)).rejects.toMatchObject({
      name: "UnsupportedResultException",
    });
  });

  test("records as JSON may have more than 1 MB, up to 10 [doc]", async () => {
    const rows = (count: number) =>
      api.execute("select repeat('x', 60000) as x from generate_series(1, :n)", [long("n", count)], {
        formatRecordsAs: "JSON",
      });
    expect((await rows(100)).formattedRecords?.length).toBeGreaterThan(6_000_000);
    await expect(rows(180)).rejects.toMatchObject({
      name: "UnsupportedResultException",
      message: "The result exceeds the size limit 10 MB",
    });
  });

  test("a response of over 1 MiB is refused [doc]", async () => {
    const rows = (count: number) =>
      api.execute("select repeat('x', 50000) from generate_series(1, :n)", [long("n", count)]);
    expect((await rows(20)).records).toHaveLength(20);
    await expect(rows(21)).rejects.toMatchObject({
      name: "UnsupportedResultException",
      message: "The result exceeds the size limit 1 MB",
    });
  });

  test("an answer that is far too long is refused unread, and the session goes on", async () => {
    const transactionId = await api.begin();
    await expect(api.execute("select repeat('x', 70000000)", [], { transactionId })).rejects.toMatchObject({
      name: "UnsupportedResultException",
      message: "The result exceeds the size limit 1 MB",
    });
    expect(await api.value("select 1", [], { transactionId })).toEqual({ longValue: 1 });
    await api.rollback(transactionId);
  });

  // PGlite has too little memory for one.
  if (engine === "postgres") {
    test("a value that no string can hold does not end the server", async () => {
      await expect(api.execute("select repeat('x', 600000000)")).rejects.toMatchObject({
        name: "UnsupportedResultException",
        message: "The result exceeds the size limit 1 MB",
      });
      expect(await api.value("select 1")).toEqual({ longValue: 1 });
    });
  }

  test("a row of over 64 KB is refused, with its size [doc]", async () => {
    const row = (bytes: number) => api.execute("select repeat('x', :n::int4)", [long("n", bytes)]);
    const around = '[{"stringValue":""}]'.length;
    expect((await row(65_536 - around)).records).toHaveLength(1);
    expect(api.calls.at(-1)).toMatchObject({ largestRowBytes: 65_536 });
    await expect(row(65_537 - around)).rejects.toMatchObject({
      name: "UnsupportedResultException",
      message: expect.stringContaining("a row of 65537 bytes"),
    });
  });

  test.each([
    ["words", "repeat('to be ', 2000000)"],
    ["what arrays escape", `repeat('"{,}\\ ', 2000000)`],
    ["JSON", `to_jsonb(repeat('"{: }\\ ', 1000000))`],
  ])(
    "a value of over 10 MB is refused by its row's size, in an array too: %s [doc]",
    async (_what, value) => {
      for (const expression of [value, `array[null, ${value}]`]) {
        await expect(api.execute(`select ${expression}`)).rejects.toMatchObject({
          name: "UnsupportedResultException",
          message: expect.stringMatching(
            /^The result contains a row of \d{8} bytes and exceeds the size limit 64 KB/,
          ),
        });
      }
    },
  );

  test("a note of 512 KiB crosses in both directions as bytes", async () => {
    const note = Buffer.alloc(512 * 1024, "🪶".repeat(3));
    const { records } = await api.execute(
      `with note as materialized (select :b::bytea as b)
       select substring(b from g.i * 40000 + 1 for 40000)
       from note, generate_series(0, (octet_length(b) - 1) / 40000) g(i)`,
      [blob("b", note)],
    );
    const back = Buffer.concat((records ?? []).map(([field]) => field?.blobValue ?? Buffer.alloc(0)));
    expect(back.equals(note)).toBe(true);
    const { responseBytes, largestRowBytes } = api.calls.at(-1) ?? {};
    expect(responseBytes).toBeLessThan(1024 * 1024);
    expect(largestRowBytes).toBeLessThan(64 * 1024);
  });

  test("text that JSON must escape comes back as it was", async () => {
    const awkward = '"\\\u0001\u2028\u{1f600}\u202e\t';
    expect(await api.value("select :x || ''", [text("x", awkward)])).toEqual({ stringValue: awkward });
  });
});
