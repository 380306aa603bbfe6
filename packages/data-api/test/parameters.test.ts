// How parameters are found in a statement and what they are bound as.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blob, bool, DataApi, double, ENGINES, long, nothing, text } from "./harness.ts";

const UUID = "0190b6a8-0000-7000-8000-00000000abcd";

describe.each(ENGINES)("parameters over %s", (engine) => {
  const api = new DataApi(engine);
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

  test.each(["a[1:2]", "a[1:]", "a[:]", "a[i:j]", "a[f(1):2]", "a[:lo:2]"])(
    "an array slice is refused, not corrupted: %s [live]",
    async (slice) => {
      await expect(api.execute(`select ${slice} from t`, [long("2", 2)])).rejects.toMatchObject({
        name: "ValidationException",
        message: expect.stringContaining("Array slices aren't supported"),
      });
    },
  );

  test.each(["select $$:a$$", "select $tag$ x $tag$", "do $$ begin end $$"])(
    "dollar quotes are refused: %s [live]",
    async (sql) => {
      await expect(api.execute(sql)).rejects.toMatchObject({
        name: "ValidationException",
        message: expect.stringContaining("Dollar-quoted strings aren't supported"),
      });
    },
  );

  test("$1 is a parameter that nobody supplies [live]", async () => {
    await expect(api.execute("select $1")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message:
        'ERROR: bind message supplies 0 parameters, but prepared statement "" requires 1; SQLState: 08P01',
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
      message: expect.stringContaining("array parameters aren't supported"),
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
      const body = `{"resourceArn":"arn:aws:rds:x","secretArn":"arn:aws:secretsmanager:x","sql":"select :x, :x::text","parameters":[{"name":"x","value":{"longValue":${digits}}}]}`;
      const response = await fetch(`${api.server.url}/Execute`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "AWS4-HMAC-SHA256 Signature=0" },
        body,
      });
      expect(await response.text()).toContain(`[[{"longValue":${digits}},{"stringValue":"${digits}"}]]`);
    }
  });
});
