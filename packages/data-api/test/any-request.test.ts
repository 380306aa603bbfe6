// Whatever is sent, the answer is a documented one that names what is wrong: no crash, no hang, no stack trace.
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { ARNS, DataApi } from "./harness.ts";

const api = new DataApi("postgres");
afterEach(async () => expect(await api.value("select 1")).toEqual({ longValue: 1 }));

const PATHS = [
  "/Execute",
  "/BatchExecute",
  "/BeginTransaction",
  "/CommitTransaction",
  "/RollbackTransaction",
];
const path = fc.constantFrom(...PATHS);
/** What a request that is wrong may be told; all but the first are 4xx. */
const ANSWERS: Record<string, number> = {
  BadRequestException: 400,
  DatabaseErrorException: 400,
  SerializationException: 400,
  TransactionNotFoundException: 404,
  UnsupportedResultException: 400,
  ValidationException: 400,
};

async function expectDocumented(to: string, body: string | Uint8Array) {
  const answer = await api.post(to, body);
  const { transactionId } = answer.body;
  if (typeof transactionId === "string") await api.rollback(transactionId); // or it would hold a connection
  if (answer.status === 200) return;
  expect(answer).toMatchObject({ status: ANSWERS[answer.type ?? ""], body: { message: expect.any(String) } });
  expect(answer.body.message).not.toMatch(/\bat .*\.ts:\d|undefined|\[object|is not a function|Cannot read/);
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    "",
    "\0",
    "\ud800",
    0,
    -1,
    1e300,
    2 ** 60,
    true,
    null,
    [],
    {},
    [[]],
    [null],
    "x".repeat(300),
  ),
);
const value = fc.oneof(
  odd,
  fc.record(
    {
      stringValue: odd,
      longValue: odd,
      doubleValue: odd,
      booleanValue: odd,
      blobValue: odd,
      isNull: odd,
      arrayValue: odd,
    },
    { requiredKeys: [] },
  ),
  fc
    .constantFrom("stringValue", "longValue", "doubleValue", "booleanValue", "blobValue", "isNull")
    .chain((member) => odd.map((content) => ({ [member]: content }))),
);
const parameters = fc.oneof(
  odd,
  fc.array(
    fc.record(
      {
        name: fc.oneof(fc.constantFrom("a", "b", "1"), odd),
        value,
        typeHint: fc.oneof(fc.constantFrom("UUID", "JSON", "DATE"), odd),
      },
      { requiredKeys: [] },
    ),
  ),
);
/** Statements that do no harm, whatever else the request says. */
const sql = fc.oneof(
  fc.constantFrom("select 1", "select :a", "select :a::text, :b", "values (:a), (:1)"),
  fc.string({
    unit: fc.constantFrom(
      "select ",
      ":a",
      "'",
      '"',
      "(",
      ")",
      "[",
      "$$",
      "--",
      "/*",
      "1",
      ",",
      ";",
      "\\",
      "E'",
      "::",
      "\n",
      "é",
    ),
  }),
  odd,
);
const request = fc.record(
  {
    resourceArn: fc.oneof({ weight: 9, arbitrary: fc.constant<unknown>(ARNS.resourceArn) }, odd),
    secretArn: fc.oneof({ weight: 9, arbitrary: fc.constant<unknown>(ARNS.secretArn) }, odd),
    sql,
    parameters,
    parameterSets: fc.oneof(odd, fc.array(parameters, { maxLength: 3 })),
    database: odd,
    transactionId: odd,
    schema: odd,
    includeResultMetadata: odd,
    continueAfterTimeout: odd,
    resultSetOptions: fc.oneof(odd, fc.record({ decimalReturnType: odd, longReturnType: odd })),
    formatRecordsAs: fc.oneof(fc.constantFrom("JSON", "NONE"), odd),
  },
  { requiredKeys: ["resourceArn", "secretArn", "sql"] },
);

describe("any request is answered in a documented way", () => {
  test("of members of any kind", async () => {
    await fc.assert(
      fc.asyncProperty(path, request, (to, members) => expectDocumented(to, JSON.stringify(members))),
      { numRuns: 1_000, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("of any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.json(), (to, body) => expectDocumented(to, body)),
      { numRuns: 200 },
    );
  });

  test("of any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.uint8Array({ maxLength: 200 }), (to, body) => expectDocumented(to, body)),
      { numRuns: 200 },
    );
  });

  test("of JSON that was cut anywhere, or has a character too much", async () => {
    const whole = JSON.stringify({
      ...ARNS,
      sql: "select :a",
      parameters: [{ name: "a", value: { longValue: 1 } }],
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.string({ maxLength: 2 }), (at, more) =>
        expectDocumented("/Execute", whole.slice(0, at) + more),
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    ["objects", '{"a":', "1", "}"],
    ["lists", "[", "", "]"],
  ])("of %s nested as deep as fits", async (_what, open, content, close) => {
    const depth = 100_000;
    await expectDocumented("/Execute", open.repeat(depth) + content + close.repeat(depth));
    const inside = `${JSON.stringify({ ...ARNS, sql: "select 1" }).slice(0, -1)},"parameters":`;
    await expectDocumented("/Execute", `${inside}${open.repeat(depth)}${content}${close.repeat(depth)}}`);
  });
});
