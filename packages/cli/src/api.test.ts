import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Api, Refusal, Stopped, Unreachable } from "./api.ts";

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

let close = () => {};
afterEach(() => close());

/** A service that answers one prepared reply after the other, the last one again and again. */
async function service(...replies: Reply[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const reply = replies[Math.min(requests.length, replies.length - 1)];
    requests.push(request);
    request.resume();
    reply?.(response, request);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => response.writeHead(status, headers).end(JSON.stringify(body));
}
const ok = json(200, { fine: true });
const cut: Reply = (response) => response.destroy();

describe("a call waits and repeats", () => {
  test.each([
    ["429 with seconds", json(429, { code: "rate_limited" }, { "retry-after": "0" }), 0],
    ["503 with a date that is past", json(503, {}, { "retry-after": "Fri, 01 Jan 2021 00:00:00 GMT" }), 0],
    ["429 of a gateway that says nothing more", (r) => r.writeHead(429).end("Too Many"), 1],
    ["a connection that breaks", cut, 1],
  ] satisfies [string, Reply, number][])("after %s", async (_, failure, seconds) => {
    const { origin, requests } = await service(failure, ok);
    const waits: number[] = [];
    const api = new Api(origin, { onWait: (wait) => waits.push(wait) });

    const { body } = await api.call("POST", "/api/notes", { name: "a" });

    expect(body).toEqual({ fine: true });
    expect(requests).toHaveLength(2);
    expect(waits).toEqual([seconds]);
  });

  test("but not longer than anybody would: the service's answer is then the end", async () => {
    const { origin, requests } = await service(json(429, { code: "rate_limited" }, { "retry-after": "900" }));

    await expect(new Api(origin).call("POST", "/api/notes", {})).rejects.toMatchObject({
      code: "rate_limited",
    });
    expect(requests).toHaveLength(1);
  });

  test("while someone sits before it, only for a service that is waking up", async () => {
    const { origin, requests } = await service(
      json(503, { code: "unavailable" }, { "retry-after": "0" }),
      json(429, { code: "rate_limited" }, { "retry-after": "60" }),
    );

    const outcome = new Api(origin).call("POST", "/api/session", {}, { patient: false });

    await expect(outcome).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 60 });
    expect(requests).toHaveLength(2);
  });

  test("until it is told to stop", async () => {
    const { origin } = await service(json(503, {}, { "retry-after": "60" }));
    const stop = new AbortController();
    const api = new Api(origin, { stop: stop.signal, onWait: () => stop.abort() });

    await expect(api.call("POST", "/api/notes", {})).rejects.toBeInstanceOf(Stopped);
  });
});

test("the session's cookie, and no other, comes with the calls that follow", async () => {
  const cookies = (response: ServerResponse) =>
    response
      .writeHead(201, { "set-cookie": ["tracker=1; Path=/", "notejam=secret; HttpOnly; Path=/"] })
      .end("{}");
  const { origin, requests } = await service(cookies, ok);
  const api = new Api(origin);

  await api.call("POST", "/api/session", {});
  await api.call("GET", "/api/pads");

  expect(requests.map((request) => request.headers.cookie)).toEqual([undefined, "notejam=secret"]);
});

test("a refusal says what is wrong with the fields", async () => {
  const problem = {
    status: 422,
    code: "invalid_input",
    fields: { name: ["Name is required"], text: ["No"] },
  };
  const { origin } = await service(json(422, problem));

  const refusal = await new Api(origin).call("POST", "/api/notes", {}).catch((error) => error);

  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ code: "invalid_input", message: "Name is required; No" });
});

test.each([
  ["a page", (response) => response.end("<!doctype html>")],
  ["a redirection", (response) => response.writeHead(302, { location: "/" }).end()],
] satisfies [string, Reply][])("what answers with %s is not Notejam", async (_, reply) => {
  const { origin } = await service(reply);

  await expect(new Api(origin).call("GET", "/api/session")).rejects.toThrow("is not Notejam");
});

test("where nothing listens, one sentence says so", async () => {
  const { origin } = await service(ok);
  close();

  const outcome = new Api(origin).call("POST", "/api/session", {}, { patient: false });

  await expect(outcome).rejects.toBeInstanceOf(Unreachable);
  await expect(outcome).rejects.toThrow(/^Notejam does not answer at .*ECONNREFUSED/);
});
