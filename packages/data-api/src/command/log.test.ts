import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Call } from "../index.ts";
import { logTo } from "./log.ts";

const CALL: Call = {
  at: "2026-01-31T12:00:00.123Z",
  operation: "ExecuteStatement",
  sql: "select title from note where id = :id",
  status: 200,
  ms: 3.14,
  latencyMs: 0,
  waitMs: 0,
  databaseMs: 2.4,
  rows: 1,
  requestBytes: 200,
  responseBytes: 100,
  largestRowBytes: 50,
};

/** What is written to a terminal of that many columns. */
function shown(call: Partial<Call>, columns: number): string {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { columns });
  logTo(stream, "text")({ ...CALL, ...call });
  return stream.read();
}

test("a statement is cut where a terminal ends, by whole characters", () => {
  const whole = shown({}, 200);

  expect(shown({}, whole.length - 1)).toBe(whole);
  expect(shown({}, whole.length - 2)).toBe(whole.replace(/:id\n$/, ":…\n"));
  expect(shown({ sql: "select '🙂🙂🙂🙂'" }, shown({ sql: "select '" }, 200).length + 1)).toMatch(
    / select '🙂…\n$/,
  );
  expect(shown({}, 10)).toMatch(/ 1 row {2}…\n$/);
});

test("where values are asked for, nothing is cut, and a batch shows its first sets", () => {
  const sets = [1, 2, 3, 4, 5].map((longValue) => [{ name: "id", value: { longValue } }]);
  const mixed: Call["parameters"] = [
    [
      { name: "a", value: { isNull: true } },
      { name: "b", value: { stringValue: 'it "is"\n' }, typeHint: "JSON" },
      { name: "c", value: { blobValue: { bytes: 3 } } },
    ],
  ];

  expect(shown({ parameters: sets }, 80)).toMatch(/ id = :id {2}:id=1 \| :id=2 \| :id=3 \| 2 more\n$/);
  expect(shown({ parameters: mixed }, 80)).toMatch(
    / {2}:a=null :b="it \\"is\\"\\n" JSON :c=\{"bytes":3\}\n$/,
  );
});
