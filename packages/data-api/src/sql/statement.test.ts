// The rewriting of statements by itself; that PostgreSQL then receives the same values, test/parameters.test.ts shows.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParsedStatements, parseStatement } from "./statement.ts";

test.each([
  ["select :a", "select $1", ["a"]],
  ["select :a,:b,:a", "select $1,$2,$3", ["a", "b", "a"]],
  ["select :a::text", "select $1::text", ["a"]],
  ["select 1::int8", "select 1::int8", []],
  ["select x=:a", "select x=$1", ["a"]],
  ["select a:b", "select a $1", ["b"]],
  ["select :a$x", "select $1 $x", ["a"]],
  ["select f(x := :a)", "select f(x := $1)", ["a"]],
  ["select 'a''b:c', :d", "select 'a''b:c', $1", ["d"]],
  ["select 'a\\', :d, ''", "select 'a\\', $1, ''", ["d"]],
  ["select E'a\\':c', :d", "select E'a\\':c', $1", ["d"]],
  ["select date':a', :d", "select date':a', $1", ["d"]],
  ['select ":a"":b", :d', 'select ":a"":b", $1', ["d"]],
  ["select 1 -- :a\n, :d", "select 1 -- :a\n, $1", ["d"]],
  ["select /* /* :a */ ' */ :d", "select /* /* :a */ ' */ $1", ["d"]],
  ["select 2 */* :a */ :d", "select 2 */* :a */ $1", ["d"]],
  ["select a[:i]", "select a[$1]", ["i"]],
  ["select a[case when :x then :i end]", "select a[case when $1 then $2 end]", ["x", "i"]],
  ["select array[t at time zone :z, 1]", "select array[t at time zone $1, 1]", ["z"]],
  ["select a[(:i)] , b[-:i]", "select a[($1)] , b[-$2]", ["i", "i"]],
  ["select array[[:a, 2], [3, :b]]", "select array[[$1, 2], [3, $2]]", ["a", "b"]],
  ["select İİ:a", "select İİ $1", ["a"]],
  ["select 😀:a", "select 😀 $1", ["a"]],
  ["select :a😀", "select $1 😀", ["a"]],
  ["select :e\u0301", "select $1", ["e\u0301"]],
  ["select 😀$x$, :a", "select 😀$x$, $1", ["a"]],
  ["select $$a; $1$$, :a", "select $$a; $1$$, $1", ["a"]],
  ["select $a$ $b$ $$ $a$:a", "select $a$ $b$ $$ $a$ $1", ["a"]],
  ["select $$unterminated ;", "select $$unterminated ;", []],
  ["select 😀e'\\', :a, ''", "select 😀e'\\', $1, ''", ["a"]],
  ["select $1", "select $1", []],
  ["prepare p (int4) as select $1", "prepare p (int4) as select $1", []],
  [
    "create rule r as on insert to t do (notify a; notify b);",
    "create rule r as on insert to t do (notify a; notify b);",
    [],
  ],
  [
    "create or replace function f(int4) returns int4 begin atomic select case when $1 > 0 then 1 end; select 2; end;",
    "create or replace function f(int4) returns int4 begin atomic select case when $1 > 0 then 1 end; select 2; end;",
    [],
  ],
  ["select 'unterminated :a", "select 'unterminated :a", []],
  ["select /* unterminated :a", "select /* unterminated :a", []],
])("%s", (source, sql, occurrences) => {
  expect(parseStatement(source)).toEqual({ sql, occurrences });
});

test.each([
  "select 1; select 2",
  "begin; end; select 1",
  "create procedure p() begin atomic select 1; end; select 2",
  "create function f() returns int4 return 1; select 2",
  "create table begin_atomic (n int4); select 1",
])("several statements are seen: %s", (source) => {
  expect(() => parseStatement(source)).toThrow("Multistatements aren't supported.");
});

test.each(["select '\0'", 'select 1 as "\0"', "select 1 -- \0"])(
  "U+0000 is refused wherever it stands",
  (source) => {
    expect(() => parseStatement(source)).toThrow("The SQL statement has a U+0000");
  },
);

test("$1 beside a named parameter would stand for it, and is refused", () => {
  expect(() => parseStatement("select :a, $1")).toThrow("$1 isn't supported beside named parameters");
});

const words = fc.constantFrom(
  "select",
  "x",
  ",",
  "'a''b'",
  '"q"',
  "E'\\''",
  "-- c\n",
  "/* c */",
  "1",
  "::int8",
  "(",
  ")",
  " ",
);

test("a statement without parameters is not touched", () => {
  fc.assert(
    fc.property(fc.array(words), (pieces) => {
      const source = `select ${pieces.join(" ")}`;
      expect(parseStatement(source)).toEqual({ sql: source, occurrences: [] });
    }),
  );
});

test("as many numbers appear as there are occurrences, in order", () => {
  const pieces = fc.array(fc.oneof(words, fc.constantFrom(":a", ":b_1", ":2")));
  fc.assert(
    fc.property(pieces, (parts) => {
      const { sql, occurrences } = parseStatement(`select ${parts.join(" ")}`);
      const expected = parts.filter((part) => /^:[ab2]/.test(part)).map((part) => part.slice(1));
      expect(occurrences).toEqual(expected);
      expect([...sql.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n))).toEqual(
        expected.map((_, index) => index + 1),
      );
    }),
  );
});

describe("no text keeps the parser busy", () => {
  test.each([
    ["line breaks after a string", `select E'a'${"\n".repeat(65_000)}`],
    ["dashes after a string", `select E'a'${"-".repeat(65_000)}`],
    ["comments after strings", `select ${"E'a'\n--x\n".repeat(7_000)}`],
    ["comments that open", `select 1 ${"/*".repeat(32_000)}`],
    ["quotes", `select ${"'".repeat(65_000)}`],
    ["backslashes", `select E'${"\\".repeat(65_000)}`],
    ["digits", `select ${"1".repeat(65_000)}`],
    ["digits and points", `select ${"1.".repeat(32_000)}`],
    ["parentheses", `select ${"(".repeat(65_000)}`],
    ["names with dollars", `select a${"$a".repeat(32_000)}`],
    ["dollar quotes", `select ${"$$x$$ ".repeat(10_000)}`],
    ["dollar quotes that open", `select ${"$a$ $b$ ".repeat(8_000)}`],
  ])("%s", (_what, source) => {
    expect(parseStatement(source).occurrences).toEqual([]);
  });
});

test("a parsed statement is remembered, and an old one forgotten", () => {
  const statements = new ParsedStatements();
  const first = statements.get("select :a");
  expect(statements.get("select :a")).toBe(first);
  for (let n = 0; n < 500; n++) statements.get(`select ${n}`);
  expect(statements.get("select :a")).not.toBe(first);
  expect(statements.get("select :a")).toEqual(first);
});
