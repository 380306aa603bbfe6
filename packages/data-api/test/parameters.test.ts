// How parameters are found in a statement and what they are bound as.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ARNS, blob, bool, DataApi, double, ENGINES, long, nothing, SIGNED, text } from "./harness.ts";

/** How a request's JSON begins, for what the SDK would not send. */
const REQUEST = JSON.stringify({ ...ARNS, database: "notejam" }).slice(0, -1);
const UUID = "0190b6a8-0000-7000-8000-00000000abcd";

describe.each(ENGINES)("parameters over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  const typeOf = async (parameter: ReturnType<typeof text>) =>
    (await api.value("select pg_typeof(:x)::text", [{ ...parameter, name: "x" }])).stringValue;

  test("each kind of value binds as its own type", async () => {
    const types = {
      text: await typeOf(text("x", "a")),
      bigint: await typeOf(long("x", 1)),
      "double precision": await typeOf(double("x", 1)),
      boolean: await typeOf(bool("x", true)),
      bytea: await typeOf(blob("x", Buffer.from("a"))),
    };
    expect(types).toEqual(Object.fromEntries(Object.keys(types).map((type) => [type, type])));
  });

  test.each([
    ["UUID", UUID, "uuid"],
    ["JSON", '{"a":1}', "json"],
    ["DATE", "2024-05-01", "date"],
    ["TIME", "12:34:56.789", "time without time zone"],
    ["TIMESTAMP", "2024-05-01 12:34:56.789", "timestamp without time zone"],
    ["DECIMAL", "12.50", "numeric"],
  ] as const)("the type hint %s makes of a stringValue what it says [doc]", async (hint, value, type) => {
    expect(await typeOf(text("x", value, hint))).toBe(type);
  });

  test.each([
    ["UUID", "not-a-uuid"],
    ["DATE", "01.05.2024"],
    ["TIME", "noon"],
    ["TIMESTAMP", "2024-05-01T12:00:00Z"],
    ["TIMESTAMP", "2024-05-01 12:00:00+02"],
    ["DECIMAL", "a lot"],
  ] as const)("a value that is not as its hint %s says is refused: %s", async (hint, value) => {
    await expect(api.execute("select :x", [text("x", value, hint)])).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(`x has the type hint ${hint}`),
    });
  });

  test("a hint on a value that is no string is refused", async () => {
    await expect(api.execute("select :x", [{ ...long("x", 1), typeHint: "UUID" }])).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("a text compared with a uuid needs its cast, as on AWS [live]", async () => {
    await expect(api.execute("select gen_random_uuid() = :id", [text("id", UUID)])).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: expect.stringMatching(/^ERROR: operator does not exist: uuid = text; .*SQLState: 42883$/),
    });
    expect(await api.value("select gen_random_uuid() = :id::uuid", [text("id", UUID)])).toEqual({
      booleanValue: false,
    });
  });

  test("a text put into a timestamp column needs its cast [exp]", async () => {
    await api.execute("create table moment (at timestamptz, n int4)");
    const insert = (value: string) =>
      api.execute(`insert into moment (at) values (${value})`, [text("at", "2024-05-01T12:00:00Z")]);
    await expect(insert(":at")).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 42804"),
    });
    expect(await insert(":at::timestamptz")).toMatchObject({ numberOfRecordsUpdated: 1 });
  });

  test("a null goes into a column of any type without a cast [live]", async () => {
    await api.execute("create table any_type (a uuid, b int4, c timestamptz, d bytea, e json)");
    const nulls = ["a", "b", "c", "d", "e"].map((name) => nothing(name));
    expect(await api.execute("insert into any_type values (:a, :b, :c, :d, :e)", nulls)).toMatchObject({
      numberOfRecordsUpdated: 1,
    });
  });

  test("a null whose type nothing tells is refused by PostgreSQL", async () => {
    await expect(api.execute("select :x is null", [nothing("x")])).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 42P18"),
    });
    expect(await api.value("select :x is null", [nothing("x", "UUID")])).toEqual({ booleanValue: true });
  });

  test("each occurrence is a bind of its own: a repeated one in SELECT and GROUP BY is 42803 [live]", async () => {
    const sql = "select date_trunc(:unit, a) from (values (now())) t(a) group by date_trunc(:unit, a)";
    await expect(api.execute(sql, [text("unit", "day")])).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 42803"),
    });
  });

  test("a name may be a number", async () => {
    const { records } = await api.execute("select :1, :2, :1", [text("1", "a"), long("2", 2)]);
    expect(records).toEqual([[{ stringValue: "a" }, { longValue: 2 }, { stringValue: "a" }]]);
  });

  test("a colon in a string, an identifier, a comment or a cast is no parameter", async () => {
    const sql = `select ':a', E'\\':a', ":a", /* :a /* :a */ :a */ 1::int4, :a -- :a
      from (values (2)) t(":a")`;
    const { records } = await api.execute(sql, [text("a", "x")]);
    expect(records).toEqual([
      [
        { stringValue: ":a" },
        { stringValue: "':a" },
        { longValue: 2 },
        { longValue: 1 },
        { stringValue: "x" },
      ],
    ]);
  });

  test("parameters inside brackets and next to casts are found", async () => {
    const { records } = await api.execute(
      "select array[:a::int8, :b], (array[1, 2, 3])[:b], :a::int8::text",
      [text("a", "1"), long("b", 2)],
    );
    expect(records).toEqual([
      [{ arrayValue: { longValues: [1, 2] } }, { longValue: 2 }, { stringValue: "1" }],
    ]);
  });

  test.each([
    ["a[1:2]", '"$1"; Position: 12'],
    ["a[i:j]", '"$1"; Position: 12'],
    ["a[f(1):2]", '"$1"; Position: 14'],
    ["a[:lo:2]", '"$2"; Position: 13'],
    [":lo, a[1:2]", '"$2"; Position: 16'],
  ])(
    "an array slice is a parameter behind an operand, which is a syntax error: %s [live]",
    async (slice, where) => {
      const refused = {
        name: "DatabaseErrorException",
        message: `ERROR: syntax error at or near ${where}; SQLState: 42601`,
      };
      await expect(api.execute(`select ${slice} from t`)).rejects.toMatchObject(refused);
      const given = [long("2", 2), long("j", 2), long("lo", 1)];
      await expect(api.execute(`select ${slice} from t`, given)).rejects.toMatchObject(refused);
      await expect(api.batch(`select ${slice} from t`, [given])).rejects.toMatchObject(refused);
    },
  );

  test("an array slice fails its transaction, as any error of PostgreSQL's", async () => {
    const transactionId = await api.begin();
    await expect(api.execute("select (array[1, 2])[1:2]", [], { transactionId })).rejects.toThrow("42601");
    await expect(api.execute("select 1", [], { transactionId })).rejects.toThrow("25P02");
    await api.rollback(transactionId);
  });

  test.each(["a[1:]", "a[:]", "a[1 : 2]"])(
    "a colon in brackets with no name behind it is refused before it runs: %s",
    async (slice) => {
      await expect(api.execute(`select ${slice} from t`)).rejects.toMatchObject({
        name: "ValidationException",
        message: "Array slices aren't supported: the Data API looks for a parameter behind the colon.",
      });
    },
  );

  test.each([
    ["$$a b; c$$", "a b; c"],
    ["$tag$ $$ it''s $1 $tag$", " $$ it''s $1 "],
    ["$é$a::int4 := ':a' -- :a$é$", "a::int4 := ':a' -- :a"],
    ["$$$$", ""],
  ])("a dollar quote without a parameter is a string: %s [live]", async (quoted, stringValue) => {
    const { records } = await api.execute(`select ${quoted}\n, :a`, [text("a", "x")]);
    expect(records).toEqual([[{ stringValue }, { stringValue: "x" }]]);
  });

  test("a function may have its body in a dollar quote", async () => {
    await api.execute(`create function twice(n int4) returns int4 language plpgsql as $body$
      declare
        result int4 := $1;
      begin -- the argument's double
        result := result::int8 * 2;
        return result;
      end $body$;`);
    await api.execute("do $$ begin perform twice(1); end $$");
    expect(await api.value("select twice(:n::int4)", [long("n", 4)])).toEqual({ longValue: 8 });
  });

  // The Data API takes the quote that opens in the string for one that closes behind it.
  test.each([
    "select $$a :b c$$",
    "select $tag$:b$tag$, :b",
    "do $$ begin perform f(:b); end $$",
    "select $$it's$$, :b",
    "select $$it's$$, ':b'",
    "select $$/*$$, :b",
  ])("a dollar quote is refused where it would hide or show a parameter: %s [live]", async (sql) => {
    await expect(api.execute(sql, [text("b", "x")])).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "The Data API doesn't know dollar-quoted strings and looks for :name in them. Use single quotes.",
    });
  });

  test("$1 is a parameter that nobody supplies [live]", async () => {
    await expect(api.execute("select $1")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message:
        'bind message supplies 0 parameters, but prepared statement "sqlx_s_1" requires 1; SQLState: 08P01',
    });
    await expect(api.execute("select $1, $2", [long("1", 1)])).rejects.toMatchObject({
      message:
        'bind message supplies 0 parameters, but prepared statement "sqlx_s_1" requires 2; SQLState: 08P01',
    });
  });

  test("a parameter without a value, or with two, is named", async () => {
    await expect(api.execute("select :missing")).rejects.toMatchObject({
      name: "ValidationException",
      message: "Cannot find parameter: missing",
    });
    await expect(api.execute("select :a", [long("a", 1), long("a", 2)])).rejects.toMatchObject({
      name: "ValidationException",
      message: "The parameter a is given twice.",
    });
  });

  test("array parameters are refused [doc]", async () => {
    const parameter = { name: "a", value: { arrayValue: { longValues: [1] } } };
    await expect(api.execute("select :a", [parameter])).rejects.toMatchObject({
      name: "ValidationException",
      message: "parameters[0].value.arrayValue isn't supported: no parameter can be an array.",
    });
  });

  test("U+0000 in a text is PostgreSQL's own error", async () => {
    await expect(api.execute("select :a", [text("a", "a\0b")])).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: expect.stringContaining("SQLState: 22021"),
    });
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("any text comes back as it was sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (value) => {
        const sent = value.replaceAll("\0", "");
        expect(await api.value("select :x", [text("x", sent)])).toEqual({ stringValue: sent });
      }),
      { numRuns: 50 },
    );
  });

  test("any bytes come back as they were sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (value) => {
        expect(await api.value("select :x", [blob("x", value)])).toEqual({ blobValue: value });
      }),
      { numRuns: 50 },
    );
  });

  test("any double comes back as it was sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double(), async (value) => {
        const field = await api.value("select :x", [double("x", value)]);
        expect(field.doubleValue).toBe(Object.is(value, -0) ? field.doubleValue : value);
        expect(Object.keys(field)).toEqual(["doubleValue"]);
      }),
      { numRuns: 50 },
    );
  });

  test("a long keeps all of its 64 bits", async () => {
    for (const digits of ["9223372036854775807", "-9223372036854775808", "9007199254740993"]) {
      const body = `${REQUEST},"sql":"select :x, :x::text","parameters":[{"name":"x","value":{"longValue":${digits}}}]}`;
      const response = await fetch(`${api.server.url}/Execute`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: SIGNED },
        body,
      });
      expect(await response.text()).toContain(`[[{"longValue":${digits}},{"stringValue":"${digits}"}]]`);
    }
  });

  test("names differ by case, and may be words that SQL knows", async () => {
    const parameters = [text("a", "small"), text("A", "large"), text("select", "from")];
    const { records } = await api.execute("select :a, :A, :select", parameters);
    expect(records).toEqual([[{ stringValue: "small" }, { stringValue: "large" }, { stringValue: "from" }]]);
  });

  test.each([
    ["select :n-b from (values (1)) t(b)", { longValue: 4 }],
    ["select :n*:n", { longValue: 25 }],
    ["select @:n", { longValue: 5 }],
    ["select -:n", { longValue: -5 }],
    ["select n from (values (5), (6)) t(n) where n=:n", { longValue: 5 }],
    ["select 5 limit :n", { longValue: 5 }],
    ["select :n::int4::text", { stringValue: "5" }],
    ["select case:n when 5 then :n end", { longValue: 5 }],
    ["select make_interval(days=>:n::int4)::text", { stringValue: "5 days" }],
  ])("a name ends where a name ends: %s", async (sql, field) => {
    expect(await api.value(sql, [long("n", 5)])).toEqual(field);
  });

  test.each(["select : n", 'select :"n"', "select :$n", "select :-n", "select n:"])(
    "a colon without a name is PostgreSQL's own error: %s",
    async (sql) => {
      await expect(api.execute(sql, [long("n", 5)])).rejects.toThrow("SQLState: 42601");
    },
  );

  test("a parameter that the statement does not name is let be, if it is well-formed", async () => {
    expect(await api.value("select 1", [text("unused", "x")])).toEqual({ longValue: 1 });
    await expect(api.execute("select 1", [text("unused", "x", "UUID")])).rejects.toThrow(
      "unused has the type hint UUID",
    );
  });

  test.each(["toString", "__proto__", "constructor"])("no parameter is there by itself: %s", async (name) => {
    await expect(api.execute(`select :${name}`)).rejects.toThrow(`Cannot find parameter: ${name}`);
    expect(await api.value(`select :${name}`, [text(name, "x")])).toEqual({ stringValue: "x" });
  });

  test.each([
    ["DECIMAL", "1e3", "1000"],
    ["DECIMAL", ".5", "0.5"],
    ["DECIMAL", "+5.", "5"],
    ["DECIMAL", "-0.10", "-0.10"],
    ["UUID", "0190B6A8-0000-7000-8000-00000000ABCD", "0190b6a8-0000-7000-8000-00000000abcd"],
    ["TIME", "23:59:59", "23:59:59"],
    ["DATE", "2024-02-29", "2024-02-29"],
    ["TIMESTAMP", "2024-02-29 00:00:00", "2024-02-29 00:00:00"],
    ["JSON", " [1, 2] ", " [1, 2] "],
  ] as const)("the hint %s takes %s", async (hint, value, shown) => {
    expect(await api.value("select :x", [text("x", value, hint)])).toEqual({ stringValue: shown });
  });

  test.each([
    ["DECIMAL", ""],
    ["DECIMAL", " 5"],
    ["DECIMAL", "1_000"],
    ["DECIMAL", "0x1F"],
    ["DECIMAL", "NaN"],
    ["UUID", ""],
    ["UUID", "{0190b6a8-0000-7000-8000-00000000abcd}"],
    ["UUID", "0190b6a8000070008000000000000abc"],
    ["DATE", "2024-5-1"],
    ["DATE", "2024-05-01 "],
    ["TIME", "12:00"],
    ["TIME", "12:00:00+02"],
    ["TIMESTAMP", "2024-05-01"],
    ["TIMESTAMP", "infinity"],
  ] as const)("the hint %s refuses '%s'", async (hint, value) => {
    await expect(api.execute("select :x", [text("x", value, hint)])).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test.each([
    ["DATE", "2023-02-29", "22008"],
    ["DATE", "0000-01-01", "22008"],
    ["TIME", "25:00:00", "22008"],
    ["DECIMAL", "1e131073", "22003"],
    ["JSON", "{", "22P02"],
    ["JSON", "", "22P02"],
  ] as const)(
    "what is no value under the hint %s is PostgreSQL's own error: '%s'",
    async (hint, value, state) => {
      await expect(api.execute("select :x", [text("x", value, hint)])).rejects.toThrow(`SQLState: ${state}`);
    },
  );

  test.each([
    ["UUID", "uuid"],
    ["JSON", "json"],
    ["DATE", "date"],
    ["TIME", "time without time zone"],
    ["TIMESTAMP", "timestamp without time zone"],
    ["DECIMAL", "numeric"],
  ] as const)("a null with the hint %s has its type", async (hint, type) => {
    expect(await typeOf(nothing("x", hint))).toBe(type);
  });

  test.each([
    ["select repeat('x', :n)", long("n", 2), "42883"],
    ["select substr('x', :n)", long("n", 1), "42883"],
    ["select 1 where :n", text("n", "true"), "42804"],
    ["select 1 limit :n", text("n", "1"), "42804"],
    ["select now() > :n", text("n", "2024-05-01"), "42883"],
    ["select '[]'::jsonb || :n", long("n", 1), "42883"],
    ["select 1 where 1 in (:n)", text("n", "1"), "42883"],
    ["select date_trunc('day', :n)", text("n", "2024-05-01"), "42883"],
  ])("a value is never converted to fit: %s", async (sql, parameter, state) => {
    await expect(api.execute(sql, [parameter])).rejects.toThrow(`SQLState: ${state}`);
  });

  test("a long and a double go into a narrower column without a cast, if they fit", async () => {
    await api.execute("create table narrow (a int2, b int4, c float4, d numeric(4, 1))");
    const insert = (a: number) =>
      api.execute("insert into narrow values (:a, :a, :c, :c)", [long("a", a), double("c", 1.25)]);
    expect(await insert(32_767)).toMatchObject({ numberOfRecordsUpdated: 1 });
    await expect(insert(32_768)).rejects.toThrow("SQLState: 22003");
    expect((await api.execute("select * from narrow")).records).toEqual([
      [{ longValue: 32_767 }, { longValue: 32_767 }, { doubleValue: 1.25 }, { stringValue: "1.3" }],
    ]);
  });

  test.each([
    ['{"doubleValue":-0}', "-0"],
    ['{"doubleValue":1e-400}', "0"],
    ['{"doubleValue":"NaN"}', "NaN"],
    ['{"doubleValue":"-Infinity"}', "-Infinity"],
    ['{"doubleValue":1.7976931348623157e308}', "1.7976931348623157e+308"],
    ['{"longValue":-9223372036854775808}', "-9223372036854775808"],
    ['{"longValue":1e3}', "1000"],
    ['{"stringValue":"\\ud83d\\ude00"}', "😀"],
    ['{"blobValue":""}', "\\x"],
  ])("a number is taken as JSON writes it: %s", async (value, shown) => {
    const { body } = await api.post(
      "/Execute",
      `${REQUEST},"sql":"select :x::text","parameters":[{"name":"x","value":${value}}]}`,
    );
    expect(body.records).toEqual([[{ stringValue: shown }]]);
  });

  test.each([
    '{"doubleValue":1e400}',
    '{"doubleValue":"1.5"}',
    '{"longValue":9223372036854775808}',
    '{"longValue":1.5}',
    '{"longValue":1e30}',
    '{"stringValue":null}',
  ])("a number that has no room is refused: %s", async (value) => {
    expect(
      await api.post(
        "/Execute",
        `${REQUEST},"sql":"select :x","parameters":[{"name":"x","value":${value}}]}`,
      ),
    ).toMatchObject({ status: 400, type: expect.stringMatching(/^(?:Serialization|Validation)Exception$/) });
  });
});
