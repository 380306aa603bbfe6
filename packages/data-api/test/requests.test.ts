// Which requests are let in, and what a bad one is told. Nothing of it depends on the engine.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { ARNS, DataApi, SIGNED, text } from "./harness.ts";

const api = new DataApi("postgres");
const request = (members: object) => JSON.stringify({ ...ARNS, sql: "select 1", ...members });
const invalid = (message: unknown) => ({ status: 400, type: "ValidationException", body: { message } });

/**
 * Sends what no client would, and answers all that came back when the server has closed the connection.
 * @param send what is written after the headers; the body alone unless given
 */
async function raw(
  body: string,
  headers: Record<string, string> = {},
  send: (socket: Socket) => void = (socket) => socket.write(body),
): Promise<string> {
  const all = {
    host: "localhost",
    authorization: SIGNED,
    "content-type": "application/json",
    "content-length": String(body.length),
    connection: "close",
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== "");
  const socket = connect(api.server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`POST /Execute HTTP/1.1\r\n${lines.map((line) => `${line.join(": ")}\r\n`).join("")}\r\n`);
  send(socket);
  return readAll(socket);
}

async function readAll(socket: Socket): Promise<string> {
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

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
      expect(await raw(request({}), { host })).toContain("403 Forbidden");
    },
  );

  test.each(["localhost", "localhost:1234", "127.0.0.1:1234", "127.0.0.2", "[::1]:1234"])(
    "a loopback Host is let in: %s",
    async (host) => {
      expect(await raw(request({}), { host })).toContain("200 OK");
    },
  );
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
      body: { message: `Unknown operation ${method} ${path}.` },
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

  test("what is not UTF-8 is refused, not repaired", async () => {
    const body = Buffer.from(request({ sql: "select '?'" }).replace("?", "\xff"), "latin1");
    expect(await api.post("/Execute", body)).toMatchObject(malformed("The body is not valid UTF-8."));
  });

  test.each(["null", "[]", '"select 1"', "1"])("what is not an object is refused: %s", async (body) => {
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
    [{ schema: "public" }, "schema isn't supported: name the schema in the statement."],
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
    [
      { resultSetOptions: { longReturnType: "INT" } },
      "resultSetOptions.longReturnType must be one of LONG, STRING.",
    ],
  ])("a member out of its bounds is named: %j", async (members, message) => {
    expect(await api.post("/Execute", request(members))).toMatchObject(invalid(message));
  });

  test("in a batch, the set is named as well", async () => {
    const parameterSets = [[], [{ name: "a", value: {} }]];
    expect(await api.post("/BatchExecute", request({ parameterSets }))).toMatchObject(
      invalid(expect.stringContaining("parameterSets[1][0].value must have exactly one of")),
    );
  });

  test.each([
    ["/Execute", "parameters", "parameters[0] must be an object."],
    ["/BatchExecute", "parameterSets", "parameterSets[0] must be a list."],
  ])("a million wrong items are one error: %s", async (path, member, message) => {
    const items = new Array(1_000_000).fill(0);
    expect(await api.post(path, request({ [member]: items }))).toMatchObject(malformed(message));
  });

  test("members that are null or unknown count as absent", async () => {
    const members = { parameters: null, transactionId: null, schema: null, resultSetOptions: null, new: 1 };
    expect(await api.post("/Execute", request(members))).toMatchObject({ status: 200 });
  });

  test.each(["/Execute", "/BatchExecute"])(
    "a statement has 65,536 characters at most [doc]: %s",
    async (path) => {
      const statement = (length: number) => request({ sql: `select 1${" ".repeat(length - 8)}` });
      expect(await api.post(path, statement(65_536))).toMatchObject({ status: 200 });
      expect(await api.post(path, statement(65_537))).toMatchObject(
        invalid("sql has 65537 characters; at most 65536 are allowed."),
      );
    },
  );

  describe("of 4 MiB at most [doc]", () => {
    const LIMIT = 4 * 1024 * 1024;
    const ofSize = (bytes: number) => {
      const around = request({ parameters: [{ name: "a", value: { stringValue: "" } }] }).length;
      return request({ parameters: [{ name: "a", value: { stringValue: "x".repeat(bytes - around) } }] });
    };
    const tooLarge = {
      status: 413,
      type: "RequestEntityTooLargeException",
      body: { message: "The request is too large; at most 4194304 bytes are allowed." },
    };

    test("are read, and one byte more is refused", async () => {
      expect(await api.post("/Execute", ofSize(LIMIT))).toMatchObject({ status: 200 });
      expect(await api.post("/Execute", ofSize(LIMIT + 1))).toMatchObject(tooLarge);
      expect(await api.value("select 1")).toEqual({ longValue: 1 });
    });

    test("are counted in chunks as well", async () => {
      const chunked = (body: string) =>
        raw("", { "transfer-encoding": "chunked", "content-length": "" }, (socket) => {
          for (let at = 0; at < body.length; at += 65_536) {
            const chunk = body.slice(at, at + 65_536);
            socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
          }
          socket.write("0\r\n\r\n");
        });
      expect(await chunked(ofSize(LIMIT))).toContain("200 OK");
      expect(await chunked(ofSize(LIMIT + 1))).toContain("413 Payload Too Large");
    });

    test("are not waited for where more is announced", async () => {
      const answer = await raw("", { "content-length": String(LIMIT + 1) }, () => {});
      expect(answer).toContain("413 Payload Too Large");
    });
  });

  test("that are nested too deeply are refused as no JSON, or no request", async () => {
    for (const nested of ['{"sql":', "[", '[{"longValue":1234567890123456},']) {
      const answer = await api.post("/Execute", nested.repeat(100_000));
      expect(answer).toMatchObject({ status: 400, type: "SerializationException" });
      const parameters = `${"[".repeat(100_000)}{"longValue":1234567890123456}${"]".repeat(100_000)}`;
      const closed = request({ parameters: ["?"] }).replace('["?"]', parameters);
      expect(await api.post("/Execute", closed)).toMatchObject({
        status: 400,
        type: "SerializationException",
      });
    }
  });

  test.each([
    "__proto__",
    "constructor",
    "toString",
    "a b",
    "é",
    "'; --",
    "\u0000",
    "1",
    "-",
    ":a",
    "\ud83d\ude00",
  ])("a parameter may have any name, and is not needed: %j", async (name) => {
    const parameters = [{ name, value: { longValue: 1 } }];
    expect(await api.post("/Execute", request({ parameters }))).toMatchObject({ status: 200 });
    const twice = await api.post("/Execute", request({ parameters: [...parameters, ...parameters] }));
    expect(twice).toMatchObject(invalid(`The parameter ${name} is given twice.`));
  });
});

describe("connections", () => {
  const noCall = async (use: () => Promise<unknown>) => {
    const before = api.server.calls.counts.all;
    await use();
    expect(api.server.calls.counts.all).toBe(before);
  };

  test("a body that does not end is given up after 30 seconds, and its connection closed", async () => {
    const answer = raw(request({}), { "content-length": "1000", connection: "keep-alive" });
    await api.receiving();
    api.clock.advance(30_000);
    expect(await answer).toMatch(
      /^HTTP\/1\.1 408 .*RequestTimeoutException.*did not arrive within 30 seconds/s,
    );
  });

  test("nor is one waited for longer that comes byte by byte", async () => {
    const answer = raw("", { "content-length": "1000" }, (socket) => {
      socket.write("{");
      socket.setNoDelay(true);
    });
    await api.receiving();
    api.clock.advance(29_999);
    await new Promise(setImmediate);
    api.clock.advance(1);
    expect(await answer).toContain("408 Request Timeout");
  });

  test("a body that is longer than it says is cut there, and what follows is no request", async () => {
    const body = request({});
    const answer = await raw(body, { "content-length": "20", connection: "keep-alive" });
    expect(answer).toContain("400 Bad Request");
    expect(await api.value("select 1")).toEqual({ longValue: 1 });
  });

  test("both kinds of length at once, which proxies disagree about, are refused", async () => {
    expect(await raw(request({}), { "transfer-encoding": "chunked" })).toContain("400 Bad Request");
  });

  test.each(["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n"])(
    "what is no HTTP is refused, and the server goes on: %j",
    async (bytes) => {
      const socket = connect(api.server.port, "127.0.0.1");
      socket.write(bytes);
      expect(await readAll(socket)).toContain("400 Bad Request");
      expect(await api.value("select 1")).toEqual({ longValue: 1 });
    },
  );

  test("a client that goes away in the middle of its request has sent none", async () => {
    await noCall(async () => {
      const sent = request({ sql: "create table half_a_request ()" });
      const gone = raw(sent, {}, (socket) => {
        socket.write(sent.slice(0, -1));
        api.receiving().then(() => socket.destroy());
      });
      await gone.catch(() => {});
      await expect.poll(() => api.clock.due).not.toContain(30_000);
    });
    expect(await api.value("select to_regclass('half_a_request')::text")).toEqual({ isNull: true });
  });

  test("a client that goes away while its statement runs: it runs to its end", async () => {
    await api.execute("create table after_all (n int4)");
    const leaving = new AbortController();
    const sql = "insert into after_all select 1 from pg_sleep(0.2)";
    const left = expect(api.execute(sql, [], {}, leaving.signal)).rejects.toThrow();
    await api.running(sql);
    leaving.abort();
    await left;
    await expect.poll(() => api.value("select count(*) from after_all")).toEqual({ longValue: 1 });
    expect(api.calls.findLast((call) => call.sql === sql)).toMatchObject({ status: 200 });
  });

  test("requests that are sent without waiting for answers are answered in their order", async () => {
    const once = (n: number, last: boolean) => {
      const body = request({ sql: `select ${n} from pg_sleep(${last ? 0 : 0.05})` });
      return `POST /Execute HTTP/1.1\r\nhost: localhost\r\nauthorization: ${SIGNED}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${last ? "connection: close\r\n" : ""}\r\n${body}`;
    };
    const socket = connect(api.server.port, "127.0.0.1");
    socket.write(once(1, false) + once(2, false) + once(3, true));
    const answers = (await readAll(socket)).matchAll(/"longValue":(\d)/g);
    expect([...answers].map(([, n]) => n)).toEqual(["1", "2", "3"]);
  });

  test("200 at once are all answered", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => raw(request({ sql: `select ${n}` }))),
    );
    for (const [n, answer] of answers.entries()) expect(answer).toContain(`[[{"longValue":${n}}]]`);
  });

  test("200 that send nothing keep no other client waiting", async () => {
    const silent = Array.from({ length: 200 }, () => connect(api.server.port, "127.0.0.1"));
    await Promise.all(silent.map((socket) => once(socket, "connect")));
    expect(await api.value("select :t", [text("t", "me")])).toEqual({ stringValue: "me" });
    for (const socket of silent) socket.destroy();
  });
});

describe("a client that goes away in the middle of a transaction", () => {
  const api = new DataApi("pglite", { oneForAll: true });

  test("does not hold it past its expiry", async () => {
    await api.execute("create table held (n int4)");
    const transactionId = await api.begin();
    await api.execute("insert into held values (1)", [], { transactionId });
    const leaving = new AbortController();
    const sql = "insert into held select 2 from pg_sleep(0.2)";
    const left = expect(api.execute(sql, [], { transactionId }, leaving.signal)).rejects.toThrow();
    await api.running(sql);
    leaving.abort();
    await left;
    await expect.poll(() => api.calls.at(-1)?.sql).toBe(sql);
    api.clock.advance(3 * 60_000);
    expect(await api.value("select count(*) from held")).toEqual({ longValue: 0 });
    await expect(api.commit(transactionId)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
  });
});
