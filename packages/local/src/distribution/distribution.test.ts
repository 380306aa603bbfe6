import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@notejam/functions/api/problem-document";
import { PROBLEM_MEDIA_TYPE } from "@notejam/functions/api/problems";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiRequest, REQUEST_MAX_BYTES, toEvent } from "../aws/api-gateway/event.ts";
import { HttpApi } from "../aws/api-gateway/http-api.ts";
import { EVENT_MAX_BYTES, PAYLOAD_MAX_BYTES } from "../aws/lambda/handler.ts";
import { ENVIRONMENTS_MAX, WorkerFunction } from "../aws/lambda/worker-function.ts";
import { plainText } from "../aws/loopback.ts";
import { Outbox } from "../aws/ses/outbox.ts";
import { exchange, exchangeBytes, type Sent } from "../aws/testing/client.ts";
import type { Wish } from "../aws/testing/handler.ts";
import { Turns } from "../fairness/turns.ts";
import { answerWhenFull } from "../front.ts";
import { Jobs } from "../jobs.ts";
import { LOG_MAX_BYTES, RequestLog } from "../log.ts";
import { type Distribution, startDistribution } from "./distribution.ts";

const SECRET = "the origin's secret";
const folder = mkdtempSync(join(tmpdir(), "notejam-gateway-"));
const logFile = join(folder, "log.jsonl");
const printed: string[] = [];
const print = (text: string) => printed.push(text);

let site: Distribution;
let called: WorkerFunction;
let log: RequestLog;

const SETTINGS = {
  name: "api",
  handler: "handler",
  environment: { AWS_REGION: "local" },
  timeoutSeconds: 1.5,
  memoryMegabytes: 256,
  onLine: (line: string) => log.write(line),
};

beforeAll(async () => {
  log = new RequestLog(logFile, print);
  called = new WorkerFunction(new URL("../aws/testing/handler.ts", import.meta.url), SETTINGS);
  site = await startDistribution(0, (error) => print(String(error)));
  site.open({
    api: new HttpApi({
      integration: called,
      onFault: log.fault.bind(log),
      integrationTimeoutSeconds: 1,
    }),
    web: { respond: async () => plainText(200, "the web app") },
    outbox: new Outbox(),
    jobs: new Jobs([], "key"),
    originSecret: SECRET,
  });
});

beforeEach(() => {
  printed.length = 0;
});

afterAll(async () => {
  await site.close();
  await called.close();
  await log.close();
  rmSync(folder, { recursive: true });
});

/** The event that the function gets for this request. */
async function eventOf(sent: Sent): Promise<APIGatewayProxyEventV2> {
  const { status, body } = await exchange(site.port, { path: "/api/notes", ...sent });
  expect(status, body).toBe(200);
  return JSON.parse(body).event;
}

function asking(wish: Wish, sent: Sent = {}) {
  return exchange(site.port, {
    path: "/api/notes",
    ...sent,
    headers: ["x-do", JSON.stringify(wish), ...(sent.headers ?? [])],
  });
}

const INVALID_UTF8 = Buffer.from([0x22, 0xff, 0x22]);
const json = ["Content-Type", "application/json"];

describe("an event", () => {
  test.each<{ what: string; sent: Sent; event: object }>([
    {
      what: "a path is decoded",
      sent: { path: "/api/notes/a%20%C3%A9?x=%20" },
      event: { rawPath: "/api/notes/a é", rawQueryString: "x=%20", queryStringParameters: { x: " " } },
    },
    {
      what: "a path ends at a question mark that appears when it is decoded",
      sent: { path: "/api/notes/a%3Fb" },
      event: { rawPath: "/api/notes/a" },
    },
    {
      what: "a path that begins with two slashes is a path",
      sent: { path: "/api//elsewhere/x" },
      event: { rawPath: "/api//elsewhere/x" },
    },
    {
      what: "a parameter that comes twice is joined by a comma, and the query stays as it came",
      sent: { path: "/api/notes?q=b&limit=1&q=a%2Cc" },
      event: { rawQueryString: "q=b&limit=1&q=a%2Cc", queryStringParameters: { q: "b,a,c", limit: "1" } },
    },
    {
      what: "without a query there are no parameters",
      sent: {},
      event: { rawQueryString: "", queryStringParameters: undefined },
    },
    {
      what: "cookies are an array, not a header",
      sent: { headers: ["Cookie", "a=1; b=2", "Cookie", "c=3"] },
      event: {
        cookies: ["a=1", "b=2", "c=3"],
        headers: expect.not.objectContaining({ cookie: expect.anything() }),
      },
    },
    {
      what: "without a cookie there are no cookies",
      sent: {},
      event: { cookies: undefined },
    },
    {
      what: "header names are lower case, and a header that comes twice is joined by a comma",
      sent: { headers: ["If-Match", '"1"', "X-Several", "1", "x-several", "2"] },
      event: { headers: expect.objectContaining({ "if-match": '"1"', "x-several": "1,2" }) },
    },
    {
      what: "headers of the connection are not passed on",
      sent: { headers: ["Connection", "close", "TE", "trailers"] },
      event: {
        headers: expect.not.objectContaining({ connection: expect.anything(), te: expect.anything() }),
      },
    },
    {
      what: "without a body there is no text",
      sent: { method: "POST", headers: json },
      event: { body: undefined, isBase64Encoded: false },
    },
    {
      what: "JSON is text",
      sent: {
        method: "POST",
        headers: ["Content-Type", "application/json; charset=utf-8"],
        body: '{"a":"é"}',
      },
      event: { body: '{"a":"é"}', isBase64Encoded: false },
    },
    {
      what: "plain text is text",
      sent: { method: "POST", headers: ["Content-Type", "text/plain"], body: "é" },
      event: { body: "é", isBase64Encoded: false },
    },
    {
      what: "a form is base64",
      sent: { method: "POST", headers: ["Content-Type", "application/x-www-form-urlencoded"], body: "a=1" },
      event: { body: Buffer.from("a=1").toString("base64"), isBase64Encoded: true },
    },
    {
      what: "a problem is base64",
      sent: { method: "POST", headers: ["Content-Type", "application/problem+json"], body: "{}" },
      event: { body: Buffer.from("{}").toString("base64"), isBase64Encoded: true },
    },
    {
      what: "a body of no type is base64",
      sent: { method: "POST", body: "{}" },
      event: { body: Buffer.from("{}").toString("base64"), isBase64Encoded: true },
    },
    {
      what: "JSON that is not UTF-8 arrives unchanged, as base64",
      sent: { method: "POST", headers: json, body: INVALID_UTF8 },
      event: { body: INVALID_UTF8.toString("base64"), isBase64Encoded: true },
    },
  ])("$what", async ({ sent, event }) => {
    const absent = { body: undefined, cookies: undefined, queryStringParameters: undefined };

    expect({ ...absent, ...(await eventOf(sent)) }).toMatchObject(event);
  });

  test("has the shape of payload format 2.0", async () => {
    const before = Date.now();
    const event = await eventOf({ method: "PATCH", headers: ["User-Agent", "a browser"] });

    expect(event).toMatchObject({ version: "2.0", routeKey: "$default", rawPath: "/api/notes" });
    const { requestContext } = event;
    expect(requestContext).toMatchObject({
      routeKey: "$default",
      stage: "$default",
      http: { method: "PATCH", path: "/api/notes", protocol: "HTTP/1.1", userAgent: "a browser" },
    });
    expect(requestContext.requestId).toMatch(/^[A-Za-z0-9+/]{15}=$/);
    expect(requestContext.timeEpoch).toBeGreaterThanOrEqual(before);
    expect(requestContext.time).toMatch(/^\d\d\/[A-Z][a-z][a-z]\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  test("carries what CloudFront says about the site and the client", async () => {
    const { headers } = await eventOf({ headers: ["Host", `127.0.0.1:${site.port}`] });

    expect(headers[ORIGIN_SECRET_HEADER]).toBe(SECRET);
    expect(headers[SITE_ORIGIN_HEADER]).toBe(`http://127.0.0.1:${site.port}`);
    expect(headers[CLIENT_ADDRESS_HEADER]).toBe("127.0.0.1");
  });

  test.each([ORIGIN_SECRET_HEADER, SITE_ORIGIN_HEADER, CLIENT_ADDRESS_HEADER])(
    "does not take %s from the client",
    async (name) => {
      const { headers } = await eventOf({
        headers: [name, "192.0.2.1:1", name.toUpperCase(), "192.0.2.2:2"],
      });

      expect(headers[name]).not.toContain("192.0.2");
    },
  );

  test("never has the browser's host or address where a function might believe them", async () => {
    const { headers, requestContext } = await eventOf({ headers: ["X-Forwarded-For", "192.0.2.1"] });

    expect(headers.host).toBe(requestContext.domainName);
    expect(headers.host).not.toContain(String(site.port));
    expect(headers["x-forwarded-for"]).toBe("192.0.2.1, 127.0.0.1, 127.0.0.1");
  });

  test("is made of a query of any number of names, in a time that grows with their number only", () => {
    const names = Array.from({ length: 200_000 }, (_, i) => `n${i}`);
    const target = `/api/health?${names.join("&")}&n0=again`;

    const event = toEvent({ method: "GET", target, rawHeaders: [], body: Buffer.of(), sourceIp: "" }, 0);

    expect(Object.keys(event.queryStringParameters ?? {})).toHaveLength(names.length);
    expect(event.queryStringParameters?.n0).toBe(",again");
  });

  test("has a path that is not UTF-8 as it was sent", async () => {
    expect(await eventOf({ path: "/api/n%6Ftes/%C3%28?x=%FF" })).toMatchObject({
      rawPath: "/api/n%6Ftes/%C3%28",
      rawQueryString: "x=%FF",
    });
  });
});

describe("an answer", () => {
  test("has the status, the headers and the body that the function returned", async () => {
    const answer = {
      statusCode: 412,
      headers: { ETag: '"2"', "content-type": "application/json" },
      body: '{"é":1}',
    };

    const { status, headers, body } = await asking({ answer });

    expect({ status, body }).toEqual({ status: 412, body: '{"é":1}' });
    expect(headers).toMatchObject({ etag: '"2"', "content-type": "application/json", "content-length": "8" });
  });

  test("sets each cookie by a header of its own", async () => {
    const { headers } = await asking({ answer: { statusCode: 204, cookies: ["a=1; Path=/", "b=2"] } });

    expect(headers["set-cookie"]).toEqual(["a=1; Path=/", "b=2"]);
  });

  test("that is base64 is sent as bytes", async () => {
    const answer = { statusCode: 200, body: Buffer.from("é").toString("base64"), isBase64Encoded: true };

    expect(await asking({ answer })).toMatchObject({ body: "é" });
  });

  test("without a status is the body itself, as JSON", async () => {
    const { status, headers, body } = await asking({ answer: { a: 1 } });

    expect({ status, body }).toEqual({ status: 200, body: '{"a":1}' });
    expect(headers["content-type"]).toBe("application/json");
  });

  test("to HEAD has no body", async () => {
    const { status, headers, body } = await asking(
      { answer: { statusCode: 200, body: "four" } },
      { method: "HEAD" },
    );

    expect({ status, body, length: headers["content-length"] }).toEqual({
      status: 200,
      body: "",
      length: "4",
    });
  });

  test.each<{ what: string; answer: unknown; said: string }>([
    { what: "an impossible status", answer: { statusCode: 99 }, said: "statusCode" },
    { what: "a status of text", answer: { statusCode: "200" }, said: "statusCode" },
    { what: "a body that is not text", answer: { statusCode: 200, body: {} }, said: "body" },
    { what: "a header that is not text", answer: { statusCode: 200, headers: { a: {} } }, said: "header a" },
    { what: "a header of two lines", answer: { statusCode: 200, headers: { a: "1\r\nb: 2" } }, said: '"a"' },
    { what: "cookies that are not an array", answer: { statusCode: 200, cookies: "a=1" }, said: "cookies" },
  ])("with $what is an internal error, and the terminal says why", async ({ answer, said }) => {
    expect(await asking({ answer })).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    });
    expect(printed.join("")).toContain(said);
  });
});

describe("a function that fails", () => {
  test("by throwing: 500, and the terminal says what and where", async () => {
    expect(await asking({ throw: "out of range" })).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    });
    expect(printed.join("")).toMatch(/^api\n {2}RangeError: out of range\n {4}at handler .*handler\.ts/);
  });

  test("by ending its process: 500, and the next request is answered", async () => {
    expect(await asking({ exit: 1 })).toMatchObject({ status: 500 });
    expect(printed.join("")).toContain("Runtime exited with code 1");
    expect(await asking({})).toMatchObject({ status: 200 });
  });

  test("after its answer: the next request meets a fresh environment", async () => {
    const module = new URL(
      "data:text/javascript,let n = 0; export const handler = () => { setTimeout(() => { throw new Error('later') }, 1); return ++n }",
    );
    const failing = new WorkerFunction(module, SETTINGS);
    expect(await failing.invoke("{}")).toEqual({ payload: "1" });
    // It counts its calls: a fresh environment begins with 1 again.
    await expect.poll(() => failing.invoke("{}"), { timeout: 20_000 }).toEqual({ payload: "1" });
    await failing.close();
  });

  test("by taking too long: 503, while the others go on", async () => {
    const [slow, quick] = await Promise.all([asking({ hang: true }), asking({})]);

    expect(slow).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
    expect(quick).toMatchObject({ status: 200 });
    expect(printed.join("")).toContain("No answer to GET /api/notes after 1 seconds");
  });

  test("is told how long it may take, and stopped then", async () => {
    const outcome = await called.invoke(JSON.stringify({ hang: true }));

    expect(outcome).toEqual({
      error: { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 1.50 seconds", trace: [] },
    });
  });
});

describe("a function", () => {
  test("handles one event at a time in each environment, and keeps its state between them", async () => {
    await Promise.all(Array.from({ length: 12 }, () => asking({ waitMs: 5 })));

    const outcome = await called.invoke(JSON.stringify({ count: true }));

    const { count } = JSON.parse("payload" in outcome ? outcome.payload : "{}");
    expect(count).toBeGreaterThan(1);
  });

  test("sees only the environment that it was given", async () => {
    const module = new URL(`data:text/javascript,export const handler = () => process.env`);
    const bare = new WorkerFunction(module, { ...SETTINGS, environment: { ONLY: "this" } });

    expect(await bare.invoke("{}")).toEqual({ payload: '{"ONLY":"this"}' });

    await bare.close();
  });

  test("whose code is replaced answers with the new code, and ends what it began with the old code", async () => {
    const version = (n: number) =>
      new URL(
        `data:text/javascript,export const handler = async () => { await new Promise((r) => setTimeout(r, 50)); return ${n} }`,
      );
    const replaced = new WorkerFunction(version(1), SETTINGS);

    const begun = replaced.invoke("{}");
    replaced.load(version(2));

    expect([await begun, await replaced.invoke("{}")]).toEqual([{ payload: "1" }, { payload: "2" }]);
    await replaced.close();
  });

  test("without the export that is called fails by its name", async () => {
    const none = new WorkerFunction(new URL("data:text/javascript,export const other = 1"), SETTINGS);

    expect(await none.invoke("{}")).toMatchObject({
      error: { errorMessage: expect.stringContaining("exports no function handler") },
    });
    await none.close();
  });
});

describe("the limits", () => {
  test("a body over 10 MB is refused", async () => {
    const body = Buffer.alloc(REQUEST_MAX_BYTES + 1, " ");

    expect(await asking({}, { method: "POST", headers: json, body })).toMatchObject({
      status: 413,
      body: '{"message":"Request Entity Too Large"}',
    });
  });

  test("an event over 6 MB is refused", async () => {
    const body = Buffer.alloc(EVENT_MAX_BYTES, "x");

    expect(await asking({}, { method: "POST", headers: json, body })).toMatchObject({ status: 413 });
  });

  test("base64 counts as it is sent to the function: 5 MB of bytes are over 6 MB", async () => {
    expect(await asking({}, { method: "POST", body: Buffer.alloc(5 * 1024 * 1024) })).toMatchObject({
      status: 413,
    });
  });

  test("an event just below is taken", async () => {
    const body = Buffer.alloc(EVENT_MAX_BYTES - 10_000, "x");

    expect(
      await asking({ answer: { statusCode: 204 } }, { method: "POST", headers: json, body }),
    ).toMatchObject({
      status: 204,
    });
  });

  test("an answer over 6 MB is an internal error, and the terminal says why", async () => {
    expect(await asking({ answerBytes: PAYLOAD_MAX_BYTES })).toMatchObject({ status: 500 });
    expect(printed.join("")).toContain("Response payload size exceeded");
  });
});

describe("under pressure", () => {
  const LIMIT = 8;
  let busy: Distribution;
  beforeAll(async () => {
    busy = await startDistribution(0, (error) => print(String(error)));
    busy.open({
      api: new HttpApi({
        integration: called,
        onFault: log.fault.bind(log),
        admission: new Turns({
          running: ENVIRONMENTS_MAX,
          waiting: LIMIT - ENVIRONMENTS_MAX,
          refusal: answerWhenFull,
          clientOf: () => "the only one",
        }),
      }),
      web: { respond: async () => plainText(200, "the web app") },
      outbox: new Outbox(),
      jobs: new Jobs([], "key"),
      originSecret: SECRET,
    });
  });
  afterAll(() => busy.close());

  const slow = (name: string, waitMs = 300) => ({
    port: busy.port,
    path: "/api/notes",
    headers: ["Host", `localhost:${busy.port}`, "x-do", JSON.stringify({ log: name, waitMs })],
  });
  const logged = (name: string) => readFileSync(logFile, "utf8").split(name).length - 1;

  test("a request whose client has gone leaves the queue, and one that comes later is answered before", async () => {
    const abandoned = Array.from({ length: LIMIT }, () => {
      const outgoing = request({ host: "127.0.0.1", agent: false, ...slow("abandoned", 1000) });
      outgoing.on("error", () => undefined).end();
      return outgoing;
    });
    // All of them have come when one more is refused.
    await expect
      .poll(() => exchange(busy.port, slow("refused")), { timeout: 10_000 })
      .toMatchObject({ status: 503 });
    for (const outgoing of abandoned) outgoing.destroy();

    // Until the service has seen that they have gone, it is still full.
    await expect
      .poll(() => exchange(busy.port, slow("patient")), { timeout: 10_000 })
      .toMatchObject({ status: 200 });

    expect(logged("patient")).toBe(1);
    expect(logged("abandoned")).toBe(ENVIRONMENTS_MAX);
    expect(printed).toEqual([]);
  });

  test("one request too many is told when to come back, as the contract says, and the others are answered", async () => {
    const answers = await Promise.all(
      Array.from({ length: LIMIT + 3 }, () => exchange(busy.port, slow("together"))),
    );

    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(3);
    expect(logged("together")).toBe(LIMIT);
    for (const { status, headers, body } of refused) {
      expect(headers).toMatchObject({
        "content-type": PROBLEM_MEDIA_TYPE,
        "retry-after": "2",
        "cache-control": "no-store",
      });
      expect(Problem.parse(JSON.parse(body))).toMatchObject({
        status,
        code: "unavailable",
        requestId: headers["x-request-id"],
      });
    }
    // What was refused takes no place from those that follow.
    expect(await exchange(busy.port, slow("afterwards"))).toMatchObject({ status: 200 });
  });

  test("one that waits for as long as API Gateway does leaves the queue too", async () => {
    const impatient = new HttpApi({
      integration: called,
      onFault: log.fault.bind(log),
      integrationTimeoutSeconds: 0.2,
    });
    const { port: _, ...sent } = slow("too late");
    const event: ApiRequest = {
      method: "GET",
      target: sent.path,
      rawHeaders: sent.headers,
      sourceIp: "127.0.0.1",
      body: Buffer.alloc(0),
    };

    const answers = await Promise.all(Array.from({ length: LIMIT }, () => impatient.respond(event)));

    expect(answers.map(({ status }) => status)).toEqual(Array(LIMIT).fill(503));
    expect(await exchange(busy.port, slow("after those"))).toMatchObject({ status: 200 });
    expect(logged("too late")).toBe(ENVIRONMENTS_MAX);
  });
});

describe("the hosts", () => {
  test.each(["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])("%s is this machine", async (name) => {
    const sent = { headers: ["Host", `${name}:${site.port}`] };

    expect(await exchange(site.port, sent)).toMatchObject({ status: 200, body: "the web app\n" });
  });

  test.each([
    "notes.example.com",
    "localhost.example.com",
    "127.0.0.2",
    "[::2]",
    "localhost@evil.example",
    "",
  ])("%s is not, for any path", async (name) => {
    for (const path of ["/", "/api/notes", "/_outbox"]) {
      const { status, body } = await exchange(site.port, {
        path,
        headers: ["Host", `${name}:${site.port}`],
      });
      expect(status).toBe(421);
      expect(body).toContain(`http://localhost:${site.port}`);
    }
  });

  test("another port is refused", async () => {
    expect(await exchange(site.port, { headers: ["Host", "localhost:1"] })).toMatchObject({ status: 421 });
    expect(await exchange(site.port, { headers: ["Host", "localhost"] })).toMatchObject({ status: 421 });
  });

  test("a request that names no host is refused", async () => {
    expect(await exchangeBytes(site.port, "GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 421 /);
  });

  test("a proxy's request, which names the host in its target, is refused", async () => {
    const sent = { path: "http://evil.example/api/notes" };

    expect(await exchange(site.port, sent)).toMatchObject({ status: 400 });
  });

  test("an upgrade by another name is refused", async () => {
    const headers = ["Host", "evil.example", "Connection", "Upgrade", "Upgrade", "websocket"];

    expect(await exchange(site.port, { headers })).toMatchObject({ status: 421 });
  });
});

describe("the log", () => {
  test("gets the function's lines, one JSON object each, and the terminal none of them", async () => {
    await asking({ log: '{"level":"info","route":"/api/notes"}' });
    await asking({ log: "plain words" });

    await expect.poll(() => readFileSync(logFile, "utf8")).toContain("plain words");
    const entries = readFileSync(logFile, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries).toContainEqual({ level: "info", route: "/api/notes" });
    expect(entries).toContainEqual({ time: expect.any(String), level: "info", message: "plain words" });
    expect(printed).toEqual([]);
  });

  test("can't move the terminal's cursor", async () => {
    await asking({ log: JSON.stringify({ level: "error", message: "\u001b[2Jgone" }) });

    await expect.poll(() => printed.join("")).toBe("\\u001b[2Jgone\n");
  });

  test("of an error reaches the terminal too, in words", async () => {
    const error = {
      name: "Error",
      message: "it broke",
      stack: ["at f (a.ts:1:1)"],
      cause: { name: "TypeError", message: "no" },
    };
    const line = {
      level: "error",
      method: "GET",
      route: "/api/notes/:id",
      status: 500,
      code: "internal",
      error,
    };

    await asking({ log: JSON.stringify(line) });

    await expect
      .poll(() => printed.join(""))
      .toBe("GET /api/notes/:id 500 internal\n  Error: it broke\n    at f (a.ts:1:1)\n  TypeError: no\n");
  });
});

/** Whether the distribution accepts a connection at this address. */
function answersAt(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: site.port, timeout: 5000 });
    const answer = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.on("connect", () => answer(true));
    socket.on("error", () => answer(false));
    socket.on("timeout", () => answer(false));
  });
}

describe("the start", () => {
  test("takes the port at once, and tells requests to come back until the rest is ready", async () => {
    const starting = await startDistribution(0, print);

    const page = await exchange(starting.port, { path: "/notes" });
    const api = await exchange(starting.port, { path: "/x/../api/notes?q=a" });

    expect(page).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: "Notejam is starting.\n",
    });
    expect(api).toMatchObject({
      status: 503,
      headers: {
        "content-type": PROBLEM_MEDIA_TYPE,
        "retry-after": "1",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
    expect(Problem.parse(JSON.parse(api.body))).toMatchObject({
      status: 503,
      code: "unavailable",
      detail: "Notejam is starting.",
      requestId: api.headers["x-request-id"],
    });
    await starting.close();
  });

  test("listens on each loopback address that the machine has, and on no other", async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const ours = ["127.0.0.1", "::1"];

    for (const { address } of addresses.filter(({ scopeid }) => !scopeid)) {
      expect({ address, answers: await answersAt(address) }).toMatchObject({
        answers: ours.includes(address),
      });
    }
  });

  test("on a port that is taken fails", async () => {
    await expect(startDistribution(site.port, print)).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("of the log begins a new file if the file is large, and keeps the old one", async () => {
    const path = join(folder, "grown.jsonl");
    writeFileSync(path, "x".repeat(LOG_MAX_BYTES + 1));

    const begun = new RequestLog(path, print);
    begun.write('{"level":"info"}');
    await begun.close();

    expect(readFileSync(path, "utf8")).toBe('{"level":"info"}\n');
    expect(statSync(`${path}.1`).size).toBe(LOG_MAX_BYTES + 1);
  });
});
