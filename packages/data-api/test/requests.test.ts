// Which requests are let in, and what a bad one is told. Nothing of it depends on the engine.
import { describe, expect, test } from "vitest";
import { ARNS, DataApi, SIGNED } from "./harness.ts";

const api = new DataApi("postgres");
const request = (members: object) => JSON.stringify({ ...ARNS, sql: "select 1", ...members });
const invalid = (message: unknown) => ({ status: 400, type: "ValidationException", body: { message } });
const malformed = (message: unknown) => ({ status: 400, type: "SerializationException", body: { message } });

describe("what a browser could send is refused before anything runs", () => {
  test.each([
    ["an Origin", { origin: "https://example.com" }, 403, "ForbiddenException"],
    ["its own Origin", { origin: "http://localhost:3000" }, 403, "ForbiddenException"],
    ["no signature", { authorization: undefined }, 403, "MissingAuthenticationTokenException"],
    [
      "another kind of Authorization",
      { authorization: "Bearer abc" },
      403,
      "MissingAuthenticationTokenException",
    ],
    ["a form's content type", { "content-type": "text/plain" }, 415, "UnsupportedMediaTypeException"],
    ["no content type", { "content-type": undefined }, 415, "UnsupportedMediaTypeException"],
  ])("%s", async (_what, headers, status, type) => {
    const before = api.calls.length;
    const answer = await api.post("/Execute", request({ sql: "create table written_by_a_page ()" }), headers);
    expect(answer).toMatchObject({ status, type });
    expect(api.calls.length).toBe(before);
    expect(await api.value("select to_regclass('written_by_a_page')::text")).toEqual({ isNull: true });
  });

  test.each(["example.com", "example.com:80", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1"])(
    "a Host that was rebound to loopback: %s",
    async (host) => {
      expect(await withHost(host)).toContain("403 Forbidden");
    },
  );

  test.each(["localhost", "localhost:1234", "127.0.0.1:1234", "127.0.0.2", "[::1]:1234"])(
    "a loopback Host is let in: %s",
    async (host) => {
      expect(await withHost(host)).toContain("200 OK");
    },
  );

  /** `fetch` does not let a Host be chosen. */
  async function withHost(host: string): Promise<string> {
    const { connect } = await import("node:net");
    const body = request({});
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(api.server.port, "127.0.0.1", () => {
        socket.write(
          `POST /Execute HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${SIGNED}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
      socket.on("data", (chunk) => {
        answer += chunk;
      });
      socket.on("end", () => resolve(answer));
      socket.on("error", reject);
    });
  }
});

describe("operations", () => {
  test("ExecuteSql is refused [doc]", async () => {
    expect(await api.post("/ExecuteSql", "{}")).toMatchObject({ status: 400, type: "BadRequestException" });
  });

  test.each([
    ["POST", "/"],
    ["POST", "/execute"],
    ["POST", "/Execute/"],
    ["POST", "/constructor"],
    ["GET", "/Execute"],
    ["PUT", "/Execute"],
  ])("%s %s is no operation", async (method, path) => {
    expect(await api.post(path, request({}), {}, method)).toMatchObject({
      status: 404,
      type: "UnknownOperationException",
      body: { message: `There is no operation ${method} ${path}.` },
    });
  });
});

describe("bodies", () => {
  test.each(["", "{", "nonsense", '{"sql":"select 1"', "\u0000"])(
    "what is no JSON is told so: '%s'",
    async (body) => {
      expect(await api.post("/Execute", body)).toMatchObject(malformed("The body is not valid JSON."));
    },
  );

  test("what is no UTF-8 is told so, not repaired", async () => {
    const body = Buffer.from(request({ sql: "select '?'" }).replace("?", "\xff"), "latin1");
    expect(await api.post("/Execute", body)).toMatchObject(malformed("The body is not valid UTF-8."));
  });

  test.each(["null", "[]", '"select 1"', "1"])("what is no object is told so: %s", async (body) => {
    expect(await api.post("/Execute", body)).toMatchObject(malformed("the request must be an object."));
  });

  test.each(["resourceArn", "secretArn", "sql"])("a missing %s is named", async (member) => {
    expect(await api.post("/Execute", request({ [member]: undefined }))).toMatchObject(
      invalid(`${member} is missing.`),
    );
    expect(await api.post("/Execute", request({ [member]: null }))).toMatchObject(
      invalid(`${member} is missing.`),
    );
  });

  test("a missing transactionId is named", async () => {
    for (const path of ["/CommitTransaction", "/RollbackTransaction"]) {
      expect(await api.post(path, request({}))).toMatchObject(invalid("transactionId is missing."));
    }
  });

  test.each([
    [{ sql: 1 }, "sql must be a string of Unicode characters."],
    [{ sql: "select '\ud800'" }, "sql must be a string of Unicode characters."],
    [{ parameters: {} }, "parameters must be a list."],
    [{ parameters: [1] }, "parameters[0] must be an object."],
    [{ parameters: [{ value: { longValue: 1 } }] }, "parameters[0].name must be a string."],
    [{ parameters: [{ name: "a" }] }, "parameters[0].value must be an object."],
    [
      { parameters: [{ name: "a", value: { longValue: "1" } }] },
      "parameters[0].value.longValue must be a whole number of 64 bits.",
    ],
    [
      { parameters: [{ name: "a", value: { longValue: 1.5 } }] },
      "parameters[0].value.longValue must be a whole number of 64 bits.",
    ],
    [
      { parameters: [{ name: "a", value: { doubleValue: "x" } }] },
      "parameters[0].value.doubleValue must be a number.",
    ],
    [
      { parameters: [{ name: "a", value: { stringValue: 1 } }] },
      "parameters[0].value.stringValue must be a string of Unicode characters.",
    ],
    [
      { parameters: [{ name: "a", value: { stringValue: "\udc00" } }] },
      "parameters[0].value.stringValue must be a string of Unicode characters.",
    ],
    [
      { parameters: [{ name: "a", value: { booleanValue: "true" } }] },
      "parameters[0].value.booleanValue must be a boolean.",
    ],
    [
      { parameters: [{ name: "a", value: { blobValue: "a" } }] },
      "parameters[0].value.blobValue must be base64.",
    ],
    [
      { parameters: [{ name: "a", value: { blobValue: "a*==" } }] },
      "parameters[0].value.blobValue must be base64.",
    ],
    [{ parameters: [{ name: "a", value: { isNull: 1 } }] }, "parameters[0].value.isNull must be a boolean."],
    [{ includeResultMetadata: "yes" }, "includeResultMetadata must be a boolean."],
    [{ resultSetOptions: [] }, "resultSetOptions must be an object."],
  ])("a member of a wrong type is named: %j", async (members, message) => {
    expect(await api.post("/Execute", request(members))).toMatchObject(malformed(message));
  });

  test.each([
    [{ schema: "public" }, "The schema parameter isn't supported."],
    [{ resourceArn: "short" }, "resourceArn must have at least 11 characters."],
    [{ secretArn: "a".repeat(101) }, "secretArn has 101 characters; at most 100 are allowed."],
    [{ database: "d".repeat(65) }, "database has 65 characters; at most 64 are allowed."],
    [{ transactionId: "t".repeat(193) }, "transactionId has 193 characters; at most 192 are allowed."],
    [{ parameters: [{ name: "", value: { longValue: 1 } }] }, "parameters[0].name is empty."],
    [
      { parameters: [{ name: "a", value: {} }] },
      expect.stringContaining("parameters[0].value must have exactly one of"),
    ],
    [
      { parameters: [{ name: "a", value: { longValue: 1, stringValue: "1" } }] },
      expect.stringContaining("parameters[0].value must have exactly one of"),
    ],
    [
      { parameters: [{ name: "a", value: { isNull: false } }] },
      "parameters[0].value.isNull is false, and there is no value.",
    ],
    [
      { parameters: [{ name: "a", typeHint: "TEXT", value: { stringValue: "" } }] },
      "parameters[0].typeHint must be one of DATE, DECIMAL, JSON, TIME, TIMESTAMP, UUID.",
    ],
    [{ formatRecordsAs: "XML" }, "formatRecordsAs must be one of NONE, JSON."],
    [{ resultSetOptions: { longReturnType: "INT" } }, "longReturnType must be one of LONG, STRING."],
  ])("a member out of its bounds is named: %j", async (members, message) => {
    expect(await api.post("/Execute", request(members))).toMatchObject(invalid(message));
  });

  test("in a batch, the set is named as well", async () => {
    const parameterSets = [[], [{ name: "a", value: {} }]];
    expect(await api.post("/BatchExecute", request({ parameterSets }))).toMatchObject(
      invalid(expect.stringContaining("parameterSets[1][0].value must have exactly one of")),
    );
  });

  test("members that are null or unknown count as absent", async () => {
    const members = { parameters: null, transactionId: null, schema: null, resultSetOptions: null, new: 1 };
    expect(await api.post("/Execute", request(members))).toMatchObject({ status: 200 });
  });

  test("a statement has 65,536 characters at most [doc]", async () => {
    const statement = (length: number) => request({ sql: `select 1${" ".repeat(length - 8)}` });
    expect(await api.post("/Execute", statement(65_536))).toMatchObject({ status: 200 });
    expect(await api.post("/Execute", statement(65_537))).toMatchObject(
      invalid("sql has 65537 characters; at most 65536 are allowed."),
    );
  });

  test("a request has 4 MiB at most [doc]", async () => {
    const ofSize = (bytes: number) => {
      const around = request({ parameters: [{ name: "a", value: { stringValue: "" } }] }).length;
      return request({ parameters: [{ name: "a", value: { stringValue: "x".repeat(bytes - around) } }] });
    };
    expect(await api.post("/Execute", ofSize(4 * 1024 * 1024))).toMatchObject({ status: 200 });
    expect(await api.post("/Execute", ofSize(4 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
      type: "RequestEntityTooLargeException",
    });
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });
});

describe("errors of PostgreSQL", () => {
  test("have a message with Detail, Hint, Position and SQLState, absent parts left out [live]", async () => {
    await api.execute("create table known (id int4 primary key)");
    await api.execute("insert into known values (1)");
    await expect(api.execute("insert into known values (1)")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message:
        'ERROR: duplicate key value violates unique constraint "known_pkey"; Detail: Key (id)=(1) already exists.; SQLState: 23505',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(api.execute("select nmae from (values (1)) t(name)")).rejects.toMatchObject({
      message:
        'ERROR: column "nmae" does not exist; Hint: Perhaps you meant to reference the column "t.name".; Position: 8; SQLState: 42703',
    });
  });

  test("raised by a program carry its own parts", async () => {
    await api.execute(`create function fail() returns void language plpgsql as
      'begin raise exception ''no; not now'' using detail = ''because'', hint = ''later'', errcode = ''P0042''; end'`);
    await expect(api.execute("select fail()::text")).rejects.toMatchObject({
      message: "ERROR: no; not now; Detail: because; Hint: later; SQLState: P0042",
    });
  });
});
