import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Problem } from "@notejam/client/problem";
import { Failed } from "@notejam/command-line";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ConnectionOptions, explain, openConnection } from "./connection.ts";

const ORIGIN = "https://notes.example.com";
const CREDENTIALS = { email: "a@example.com", password: "correct horse" };
const NOTE = { name: "a", text: "A" };

type Answer = () => Response | Promise<Response>;

const fetch = vi.fn<typeof globalThis.fetch>();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetch.mockReset());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A connection to a service that gives these answers, the last one again and again. */
function connected(answers: Answer[], options: ConnectionOptions = {}) {
  fetch.mockImplementation(async () => {
    const answer = answers[Math.min(fetch.mock.calls.length, answers.length) - 1];
    return answer?.() ?? Response.error();
  });
  return openConnection(ORIGIN, options);
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return () => new Response(JSON.stringify(body), { status, headers: { "content-type": type, ...headers } });
}
const ok = json(200, { fine: true });
const broken: Answer = () => Promise.reject(new TypeError("fetch failed"));
const codeOf = (error: unknown) => (error instanceof Problem ? error.code : error);

describe("a call waits and is repeated", () => {
  test.each([
    ["429 with seconds", json(429, { code: "rate_limited" }, { "retry-after": "20" }), 20],
    ["503 with a date in the past", json(503, {}, { "retry-after": "Fri, 01 Jan 2021 00:00:00 GMT" }), 1],
    ["429 of a gateway that says nothing more", () => new Response("Too Many", { status: 429 }), 1],
    ["502 of a gateway", () => new Response("<html>", { status: 502 }), 1],
    ["a connection that breaks", broken, 1],
  ] satisfies [string, Answer, number][])("after %s", async (_, failure, seconds) => {
    const onWait = vi.fn();
    const { api } = connected([failure, ok], { onWait });
    const called = api.notes.$post({ json: NOTE });

    await vi.advanceTimersByTimeAsync(seconds * 1000);
    expect(fetch).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(seconds * 500);

    expect(await (await called).json()).toEqual({ fine: true });
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(onWait).toHaveBeenCalledTimes(1);
  });

  test("together with the calls that are made meanwhile", async () => {
    const { api } = connected([json(429, { code: "rate_limited" }, { "retry-after": "20" }), ok]);
    const first = api.notes.$post({ json: NOTE });
    await vi.advanceTimersByTimeAsync(1);
    const second = api.notes.$get();

    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetch).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(7_000);

    await Promise.all([first, second]);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  test("for minutes, and then fails with the service's answer", async () => {
    const { api } = connected([json(503, { code: "unavailable" }, { "retry-after": "50" })]);
    const called = api.notes.$get().catch(codeOf);

    // The last wait may begin just within the five minutes, and is at most three tenths longer than asked.
    await vi.advanceTimersByTimeAsync(300_000 + 65_000);

    expect(await called).toBe("unavailable");
    expect(fetch.mock.calls.length).toBeGreaterThan(3);
  });

  test("but not for longer than a user would", async () => {
    const { api } = connected([json(429, { code: "rate_limited" }, { "retry-after": "900" })]);

    await expect(api.notes.$post({ json: NOTE })).rejects.toMatchObject({ code: "rate_limited" });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("while a user sits at the terminal, only for a service that is starting, or its gateway", async () => {
    const { interactive } = connected([
      json(503, { code: "unavailable" }, { "retry-after": "5" }),
      () => Response.json({ message: "Too Many Requests" }, { status: 429 }),
      json(429, { code: "rate_limited" }, { "retry-after": "60" }),
    ]);
    const called = interactive.session.$post({ json: CREDENTIALS }).catch((error) => error);

    await vi.advanceTimersByTimeAsync(10_000);

    expect(await called).toMatchObject({ code: "rate_limited", retryAfterSeconds: 60 });
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  test("until the user stops it; what is sent once is sent even then", async () => {
    const stop = new AbortController();
    const stopped = new Error("Stopped");
    const { api, once } = connected([json(503, {}, { "retry-after": "60" }), ok], {
      stop: stop.signal,
      onWait: () => stop.abort(stopped),
    });

    await expect(api.notes.$post({ json: NOTE })).rejects.toBe(stopped);
    await expect(api.notes.$get()).rejects.toBe(stopped);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect((await once.session.$delete()).ok).toBe(true);
  });
});

test("a call ends after a minute without an answer", async () => {
  vi.useRealTimers();
  const timeout = vi.spyOn(AbortSignal, "timeout");
  const { api } = connected([ok]);

  await api.pads.$get();

  expect(timeout).toHaveBeenCalledWith(60_000);
  expect(fetch.mock.calls[0]?.[1]?.signal).toBe(timeout.mock.results[0]?.value);
  timeout.mockRestore();
});

test("all calls of a connection share its session", async () => {
  const signedIn = json(201, {}, { "set-cookie": "notejam=secret; HttpOnly; Path=/" });
  const { api, interactive, once } = connected([signedIn, ok]);

  await interactive.session.$post({ json: CREDENTIALS });
  await api.pads.$get();
  await once.session.$delete();

  const cookies = fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get("cookie"));
  expect(cookies).toEqual([null, "notejam=secret", "notejam=secret"]);
});

test.each([202, 204])("a success without content is an answer: %i", async (status) => {
  const { api } = connected([() => new Response(null, { status })]);

  expect((await api["password-resets"].$post({ json: { email: "a@example.com" } })).status).toBe(status);
});

test.each([
  ["a page", () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } })],
  ["a page that says not found", () => new Response("<!doctype html>", { status: 404 })],
  ["a redirect", () => new Response(null, { status: 302, headers: { location: "/" } })],
] satisfies [string, Answer][])("a server that answers with %s is not Notejam", async (_, answer) => {
  const { api } = connected([answer]);

  await expect(api.session.$get()).rejects.toBeInstanceOf(Failed);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(fetch.mock.calls[0]?.[1]).toMatchObject({ redirect: "manual" });
});

describe("what the user reads", () => {
  const connection = openConnection(ORIGIN);

  test("is what is wrong with the fields", () => {
    const fields = { name: ["Name is required"], text: ["Text is too long"] };
    expect(explain(new Problem("invalid_input", { fields, requestId: "r-1" }), connection)).toBe(
      "Name is required; Text is too long",
    );
  });

  test("names the request where the service failed", () => {
    const problem = new Problem("internal", { title: "Internal error", requestId: "r-1" });
    expect(explain(problem, connection)).toBe("Internal error (request r-1)");
  });

  test("is one sentence where nothing listens", async () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const connection = openConnection(`http://127.0.0.1:${port}`);

    const problem = await connection.interactive.session.$post({ json: CREDENTIALS }).catch((error) => error);

    expect(problem).toMatchObject({ code: "unreachable" });
    expect(explain(problem, connection)).toMatch(
      /^Notejam does not answer at http:\/\/127.0.0.1:\d+ \(ECONNREFUSED\)\. /,
    );
  });
});
