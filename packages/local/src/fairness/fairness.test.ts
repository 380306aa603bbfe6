// One client floods, another one reads: through the distribution, with a function that answers when the test says so.
import { randomUUID } from "node:crypto";
import { ORIGIN_SECRET_HEADER } from "@notejam/functions/distribution-headers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiRequest } from "../aws/api-gateway/event.ts";
import { HttpApi } from "../aws/api-gateway/http-api.ts";
import type { LambdaFunction } from "../aws/lambda/handler.ts";
import { plainText } from "../aws/loopback.ts";
import { Outbox } from "../aws/ses/outbox.ts";
import { exchange } from "../aws/testing/client.ts";
import { type Distribution, startDistribution } from "../distribution/distribution.ts";
import { answerWhenFull } from "../front.ts";
import { Jobs } from "../jobs.ts";
import { Clients } from "./clients.ts";
import { Turns } from "./turns.ts";

const SECRET = "the origin's secret";
const RUNNING = 4;
const WAITING = 20;

let site: Distribution;
/** The requests that are with the function, each with what answers it. */
let asked: { path: string; answer: () => void }[];

/** Signs in whoever asks for it, and answers any other request when the test says so. */
const controlled: LambdaFunction = {
  name: "api",
  async invoke(event) {
    const { rawPath, requestContext } = JSON.parse(event);
    if (requestContext.http.method === "POST")
      return { payload: JSON.stringify({ statusCode: 201, cookies: [`notejam=${randomUUID()}; Path=/`] }) };
    await new Promise<void>((answer) => asked.push({ path: rawPath, answer }));
    return { payload: JSON.stringify({ statusCode: 200, body: rawPath }) };
  },
};

beforeEach(async () => {
  asked = [];
  const clients = new Clients(SECRET);
  site = await startDistribution(0, (error) => expect.unreachable(String(error)));
  site.open({
    api: new HttpApi({
      integration: controlled,
      onFault: (_, { errorMessage }) => expect.unreachable(errorMessage),
      admission: new Turns({
        running: RUNNING,
        waiting: WAITING,
        refusal: answerWhenFull,
        clientOf: (request) => clients.of(request),
        answered: (request, response) => clients.learn(request, response),
      }),
    }),
    web: { respond: async () => plainText(200, "the web app") },
    outbox: new Outbox(),
    jobs: new Jobs([], "key"),
    originSecret: SECRET,
  });
});
afterEach(async () => {
  const answering = setInterval(() => answerAll(), 5);
  await site.close();
  clearInterval(answering);
});

const answerAll = () => {
  for (const { answer } of asked.splice(0)) answer();
};

async function signedIn(): Promise<string> {
  const { headers } = await exchange(site.port, { method: "POST", path: "/api/session", body: "" });
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

const get = (path: string, cookie: string) =>
  exchange(site.port, { path: `/api/${path}`, headers: ["Cookie", cookie] });

/** How many of the flood were refused. */
let refused: number;

/** Sends requests that fill all places, and waits until those that got none are refused. */
async function flood(requests: number, cookie: () => string, refusedThen: number) {
  for (let n = 0; n < requests; n++)
    void get("flood", cookie()).then(({ status }) => {
      if (status === 503) refused++;
    });
  await expect.poll(() => refused).toBe(refusedThen);
}

describe.each<{ what: string; cookieOf: () => Promise<() => string> }>([
  {
    what: "a session that sends 150 requests at once",
    async cookieOf() {
      const cookie = await signedIn();
      return () => cookie;
    },
  },
  {
    what: "a client that forges a cookie for each of 150 requests",
    cookieOf: async () => () => `notejam=${randomUUID()}`,
  },
])("beside $what", ({ cookieOf }) => {
  test("each request of another session is answered, as soon as one function is free", async () => {
    const theirs = await cookieOf();
    const mine = await signedIn();
    refused = 0;
    await flood(150, theirs, 150 - RUNNING - WAITING);

    for (let n = 0; n < 10; n++) {
      const before = refused;
      const read = get(`mine/${n}`, mine);
      // Its place is one that the flood gives up.
      await expect.poll(() => refused).toBe(before + 1);
      asked.shift()?.answer();
      await expect.poll(() => asked.at(-1)?.path).toBe(`/api/mine/${n}`);
      asked.pop()?.answer();

      expect((await read).status).toBe(200);
      await flood(3, theirs, before + 2);
    }
  });
});

test("sessions that were never shown to be any have one turn together, and each that was has its own", () => {
  const clients = new Clients(SECRET);
  const from = (cookie: string, sourceIp = "127.0.0.1", more: string[] = []): ApiRequest => ({
    method: "GET",
    target: "/api/session",
    rawHeaders: ["Cookie", cookie, ...more],
    body: Buffer.alloc(0),
    sourceIp,
  });
  const there = from("a=b; notejam=there");
  const answered = (request: ApiRequest, status: number) =>
    clients.learn(request, { status, headers: {}, body: "" });

  answered(there, 200);
  answered(from("notejam=forged"), 401);

  expect(clients.of(there)).not.toBe(clients.of(from("")));
  expect(clients.of(from("notejam=forged"))).toBe(clients.of(from("")));
  // Any program of this machine can send from these.
  expect(clients.of(from("", "127.1.2.3"))).toBe(clients.of(from("", "::1")));
  expect(clients.of(from("", "192.0.2.1"))).not.toBe(clients.of(from("")));
  // The address that a request names counts with the secret of the distribution only.
  const named = ["x-notejam-client-address", "192.0.2.9"];
  expect(clients.of(from("", "127.0.0.1", named))).toBe(clients.of(from("")));
  expect(clients.of(from("", "127.0.0.1", [...named, ORIGIN_SECRET_HEADER, SECRET]))).toBe(
    "address 192.0.2.9",
  );
  answered(there, 401);
  expect(clients.of(there)).toBe(clients.of(from("")));
});

test("whoever comes and goes: functions are never idle while somebody waits, and only who waits with the most is refused", async () => {
  const act = fc.oneof(
    fc.record({ comes: fc.constantFrom("a", "b", "c") }),
    fc.record({ ends: fc.nat() }),
    fc.record({ leaves: fc.nat() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const running: { client: string; end: () => void }[] = [];
      const waiting: { client: string; gone: AbortController }[] = [];
      const waitsWith = (client: string) => waiting.filter((one) => one.client === client).length;
      const turns = new Turns({
        running: 2,
        waiting: 5,
        refusal: () => plainText(503, "refused"),
        clientOf: ({ target }) => target,
      });
      const come = (client: string) => {
        const gone = new AbortController();
        const one = { client, gone };
        waiting.push(one);
        const leave = () => void (waiting.includes(one) && waiting.splice(waiting.indexOf(one), 1));
        const request = {
          method: "GET",
          target: client,
          rawHeaders: [],
          body: Buffer.alloc(0),
          sourceIp: "",
        };
        const respond = async () => {
          leave();
          await new Promise<void>((end) => running.push({ client, end }));
          return plainText(200, "answered");
        };
        void turns.pass(request, gone.signal, respond).then((answer) => {
          if (answer?.status === 503) {
            const most = Math.max(...["a", "b", "c"].map(waitsWith));
            expect(waitsWith(client)).toBe(most);
          }
          leave();
        });
      };

      for (const one of acts) {
        if ("comes" in one) come(one.comes);
        else if ("ends" in one && running.length > 0) running.splice(one.ends % running.length, 1)[0]?.end();
        else if ("leaves" in one) waiting[one.leaves % Math.max(1, waiting.length)]?.gone.abort();
        await new Promise(setImmediate);
        expect(running.length).toBe(Math.min(2, running.length + waiting.length));
        expect(waiting.length).toBeLessThanOrEqual(5);
      }
      while (running.length > 0) {
        for (const { end } of running.splice(0)) end();
        await new Promise(setImmediate);
      }
      expect(waiting).toEqual([]);
    }),
    { numRuns: 100, seed: 18 },
  );
});
