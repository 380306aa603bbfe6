// The law of values: what goes in comes out, and what came out goes in again and comes out the same, of every type
// that has a Field, as Fields and as JSON.
import type { ArrayValue, Field, SqlParameter, TypeHint } from "@aws-sdk/client-rds-data";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DataApi, ENGINES } from "./harness.ts";

interface Kind {
  /** As a column is declared, and an array's element. */
  type: string;
  /** What values of it look like when they leave; they are sent as they are. */
  field: fc.Arbitrary<Field>;
  /** A parameter of this kind needs a cast, as it would on AWS. */
  cast?: boolean;
  hint?: TypeHint;
  /** PostgreSQL writes the value in its own way: what came back first is compared by its meaning. */
  meaning?: (value: unknown) => unknown;
}

const string = (values: fc.Arbitrary<string>): fc.Arbitrary<Field> =>
  values.map((stringValue) => ({ stringValue }));
const number = (longValue: fc.Arbitrary<number>): fc.Arbitrary<Field> =>
  longValue.map((value) => ({ longValue: value }));

/** Any Unicode; U+0000 is what PostgreSQL's text can't hold. */
const unicode = (maxLength: number) =>
  fc.string({ unit: "binary", maxLength }).map((text) => text.replaceAll("\0", ""));
const digits = (most: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: most });
const two = (value: number) => String(value).padStart(2, "0");

/** As PostgreSQL writes it: no zeros before the first digit, and all that follow the point. */
const decimal = fc
  .tuple(fc.constantFrom("", "-"), fc.constantFrom(..."123456789"), digits(200), digits(100))
  .map(([sign, first, whole, fraction]) => `${sign}${first}${whole}${fraction && `.${fraction}`}`);
const smallDecimal = digits(300).map((fraction) => `0.${fraction}1`);

const FOUR_DIGITS = fc.integer({ min: 1, max: 9999 });
/** Any that PostgreSQL has; those before Christ are negative. */
const anyYear = (last: number) =>
  fc.oneof(FOUR_DIGITS, fc.integer({ min: -4712, max: -1 }), fc.integer({ min: 10_000, max: last }));

const date = (years: fc.Arbitrary<number>) =>
  fc
    .tuple(
      years,
      fc.oneof(
        fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 })),
        fc.constantFrom<[number, number]>([12, 31], [1, 31], [2, 28]),
      ),
    )
    .map(([year, [month, day]]) => ({
      day: `${String(Math.abs(year)).padStart(4, "0")}-${two(month)}-${two(day)}`,
      era: year < 0 ? " BC" : "",
    }));
/** No digits of a second, three or six. */
const time = fc
  .tuple(
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 59 }),
    fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 999 }).map((ms) => ms * 1000),
      fc.integer({ min: 0, max: 999_999 }),
    ),
  )
  .map(([hour, minute, second, micros]) => {
    const six = String(micros).padStart(6, "0");
    const fraction = micros === 0 ? "" : `.${six.endsWith("000") ? six.slice(0, 3) : six}`;
    return `${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
  });
const timestamp = fc
  .tuple(date(anyYear(200_000)), time)
  .map(([{ day, era }, clock]) => `${day} ${clock}${era}`);

/** jsonb knows neither U+0000 nor half a surrogate pair. */
const json = fc
  .json({ stringUnit: "grapheme", maxDepth: 3 })
  .filter((text) => !/\\u0000|__proto__/.test(text));

const SAFE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
const withoutMinusZero = (value: number) => (Object.is(value, -0) ? 0 : value); // JSON.stringify makes it 0 anyway

const KINDS: Kind[] = [
  { type: "bool", field: fc.boolean().map((booleanValue) => ({ booleanValue })) },
  { type: "int2", field: number(fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })) },
  { type: "int4", field: number(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })) },
  { type: "int8", field: number(fc.maxSafeInteger()) },
  { type: "oid", field: string(fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(String)), cast: true },
  {
    type: "float4",
    field: fc.float().map((value) => ({ doubleValue: withoutMinusZero(value) })),
    meaning: (value) => Math.fround(Number(value)),
  },
  { type: "float8", field: fc.double().map((value) => ({ doubleValue: withoutMinusZero(value) })) },
  { type: "numeric", field: string(fc.oneof(decimal, smallDecimal, fc.constant("0"))), hint: "DECIMAL" },
  { type: "numeric", field: string(fc.constantFrom("NaN", "Infinity", "-Infinity", "0.00")), cast: true },
  {
    type: "numeric(9, 3)",
    field: string(fc.integer({ min: 1, max: 999_999 }).map((n) => `${n}.125`)),
    hint: "DECIMAL",
  },
  { type: "text", field: string(unicode(60)) },
  { type: "varchar(20)", field: string(unicode(20)) },
  {
    type: "char(8)",
    field: string(unicode(8).map((text) => text + " ".repeat(8 - [...text].length))),
    cast: true,
  },
  { type: "name", field: string(unicode(15)), cast: true },
  { type: "citext", field: string(unicode(30)), cast: true },
  { type: "bytea", field: fc.uint8Array({ maxLength: 60 }).map((blobValue) => ({ blobValue })) },
  { type: "uuid", field: string(fc.uuid()), hint: "UUID" },
  { type: "json", field: string(json), hint: "JSON" },
  { type: "jsonb", field: string(json), hint: "JSON", meaning: (text) => JSON.parse(String(text)) },
  { type: "date", field: string(date(anyYear(5_800_000)).map(({ day, era }) => day + era)), cast: true },
  { type: "date", field: string(date(FOUR_DIGITS).map(({ day }) => day)), hint: "DATE" },
  { type: "time", field: string(time), hint: "TIME" },
  { type: "timestamp", field: string(timestamp), cast: true },
  {
    type: "timestamp",
    field: string(fc.tuple(date(FOUR_DIGITS), time).map(([{ day }, clock]) => `${day} ${clock}`)),
    hint: "TIMESTAMP",
  },
  { type: "timestamptz", field: string(timestamp), cast: true },
  {
    type: "mood",
    field: string(fc.constantFrom("calm", "merry, or not", '"', "\\", "NULL", "")),
    cast: true,
  },
  { type: "title", field: string(unicode(20)), cast: true },
  { type: "amount", field: number(fc.integer({ min: 1, max: 2 ** 31 - 1 })) },
  {
    type: "inet",
    field: string(fc.oneof(fc.ipV4(), fc.constant("2001:db8::1"), fc.constant("10.0.0.0/8"))),
    cast: true,
  },
];

const NOT_IN_ARRAYS = new Set(["inet"]);

/** An array of each: it is sent as PostgreSQL's own text, since array parameters are refused. */
function arrayOf({ type, field, meaning }: Kind): Kind {
  const elements = fc.oneof(fc.array(fc.option(field), { maxLength: 5 }), fc.constant([]));
  return {
    type: `${type}[]`,
    field: elements.map((fields): Field => {
      const list = { [listOf(type)]: fields.map((one) => one && element(one)) };
      return { arrayValue: list as unknown as ArrayValue };
    }),
    cast: true,
    ...(meaning && { meaning }),
  };
}

function listOf(type: string): keyof ArrayValue {
  if (type === "bool") return "booleanValues";
  if (type === "amount" || /^int\d$/.test(type)) return "longValues";
  return /^float\d$/.test(type) ? "doubleValues" : "stringValues";
}

/** Bytes have no list of their own, and come as base64. */
function element(field: Field): unknown {
  return field.blobValue ? Buffer.from(field.blobValue).toString("base64") : Object.values(field)[0];
}

/** The text of an array, each element in quotes. */
function arrayText({ arrayValue }: Field, type: string): string {
  const [list = []] = Object.values(arrayValue ?? {}) as unknown[][];
  const texts = list.map((value) => {
    if (value === null) return "NULL";
    const text =
      type === "bytea[]" ? `\\x${Buffer.from(String(value), "base64").toString("hex")}` : String(value);
    return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  });
  return `{${texts.join(",")}}`;
}

function parameter({ type, hint }: Kind, name: string, field: Field): SqlParameter {
  const value = field.arrayValue ? { stringValue: arrayText(field, type) } : field;
  return { name, value, ...(hint && { typeHint: hint }) };
}

/** What a Field is in `formattedRecords`. */
function plain(field: Field): unknown {
  if (field.isNull) return null;
  if (field.arrayValue)
    return (Object.values(field.arrayValue)[0] as unknown[]).map((value) => unnumber(value));
  return unnumber(element(field));
}

/** What JSON has no number for. */
const unnumber = (value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

function meaningOf({ meaning }: Kind, field: Field | undefined): unknown {
  if (!meaning || !field || field.isNull) return field;
  if (!field.arrayValue) return meaning(element(field));
  const [list = []] = Object.values(field.arrayValue) as unknown[][];
  return list.map((value) => (value === null ? null : meaning(value)));
}

describe.each(ENGINES)("values over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  const kinds = [...KINDS, ...KINDS.filter(({ type }) => !NOT_IN_ARRAYS.has(type)).map(arrayOf)];
  const names = kinds.map((_, index) => `c${index}`);

  beforeAll(async () => {
    await api.execute(`create type mood as enum ('calm', 'merry, or not', '"', '\\', 'NULL', '')`);
    await api.execute("create domain title as text");
    await api.execute("create domain positive as int4 check (value > 0)");
    await api.execute("create domain amount as positive");
    await api.execute("create extension citext");
    await api.execute(
      `create table kept (${kinds.map(({ type }, index) => `${names[index]} ${type}`).join(", ")})`,
    );
  });

  const INSERT = `insert into kept values (${kinds.map(({ type, cast }, index) => `:${names[index]}${cast ? `::${type}` : ""}`).join(", ")})`;

  /** Puts a row in, and answers it as it comes out. */
  async function through(row: readonly Field[], options = {}) {
    const parameters = row.map((field, index) => {
      const [kind, name] = [kinds[index], names[index]];
      if (!kind || !name) throw new Error("There is a column for each Field.");
      return parameter(kind, name, field);
    });
    await api.execute("delete from kept");
    expect(await api.execute(INSERT, parameters)).toMatchObject({ numberOfRecordsUpdated: 1 });
    return api.execute("select * from kept", [], options);
  }

  const row = fc.tuple(
    ...kinds.map(({ field }) =>
      fc.oneof(
        { weight: 9, arbitrary: field },
        { weight: 1, arbitrary: fc.constant({ isNull: true } as Field) },
      ),
    ),
  );

  test("come out as they went in, again and again, as Fields and as JSON", async () => {
    await fc.assert(
      fc.asyncProperty(row, async (sent) => {
        const first = (await through(sent)).records?.[0] ?? [];
        for (const [index, kind] of kinds.entries()) {
          expect([kind.type, meaningOf(kind, first[index])]).toEqual([
            kind.type,
            meaningOf(kind, sent[index]),
          ]);
        }
        const second = (await through(first)).records?.[0];
        expect(second).toEqual(first);
        const { formattedRecords = "" } = await through(first, { formatRecordsAs: "JSON" });
        expect(JSON.parse(formattedRecords)).toEqual([
          Object.fromEntries(first.map((field, index) => [names[index], plain(field)])),
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test("a long of 64 bits keeps each of them as a string, and as digits in JSON", async () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    await api.execute("create table longs (n int8, list int8[])");
    await fc.assert(
      fc.asyncProperty(long, async (value) => {
        await api.execute("delete from longs");
        // The SDK takes a bigint, which its types don't say.
        const n = { name: "n", value: { longValue: value as unknown as number } };
        await api.execute("insert into longs values (:n, array[:n, null])", [n]);
        const asString = { resultSetOptions: { longReturnType: "STRING" } } as const;
        const { records } = await api.execute("select n, list from longs", [], asString);
        expect(records).toEqual([
          [{ stringValue: String(value) }, { arrayValue: { stringValues: [String(value), null] } }],
        ]);
        const back = { name: "n", value: records?.[0]?.[0] } as SqlParameter;
        expect(await api.value("select n = :n::int8 from longs", [back])).toEqual({ booleanValue: true });
        const json = await api.execute("select n, list from longs", [], { formatRecordsAs: "JSON" });
        expect(json.formattedRecords).toBe(`[{"n":${value},"list":[${value},null]}]`);
      }),
      { numRuns: 60, examples: [[2n ** 63n - 1n], [-(2n ** 63n)], [2n ** 53n + 1n]] },
    );
  });

  test("a decimal is a long where it has no fraction and fits, and otherwise the nearest double", async () => {
    const options = { resultSetOptions: { decimalReturnType: "DOUBLE_OR_LONG" } } as const;
    const whole = fc.integer(SAFE).map(String);
    await fc.assert(
      fc.asyncProperty(fc.oneof(decimal, smallDecimal, whole), async (text) => {
        const parameters = [{ name: "d", value: { stringValue: text }, typeHint: "DECIMAL" } as const];
        const field = await api.value("select :d", parameters, options);
        const isLong = !text.includes(".") && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
        expect(field).toEqual(isLong ? { longValue: Number(text) } : { doubleValue: Number(text) });
        const { formattedRecords } = await api.execute("select :d as d", parameters, {
          ...options,
          formatRecordsAs: "JSON",
        });
        expect(formattedRecords).toBe(`[{"d":${text}}]`);
      }),
      { numRuns: 60 },
    );
  });
});
