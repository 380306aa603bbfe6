import { connect } from "@notejam/client";
import type { Problem } from "@notejam/client/problem";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { waits, waitWhileFull } from "./waiting.ts";

const api = connect({ origin: location.origin, retry: waitWhileFull });

function full(retryAfter: string): Response {
  const headers = { "content-type": "application/problem+json", "retry-after": retryAfter };
  return new Response('{"code":"unavailable"}', { status: 503, headers });
}

const done = () => Response.json({ pads: [] });
const codeOf = (problem: Problem) => problem.code;

describe("a call that a full service rejects", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("waits visibly, and is sent again unchanged", async () => {
    const fetch = vi.fn().mockResolvedValueOnce(full("5")).mockResolvedValueOnce(done());
    vi.stubGlobal("fetch", fetch);
    const called = api.pads.$post({ json: { name: "Errands" } });

    await vi.advanceTimersByTimeAsync(4_999);
    expect(waits()).toHaveLength(1);
    expect(fetch).toHaveBeenCalledTimes(1);

    await vi.advanceTimersByTimeAsync(2_000);
    expect(await (await called).json()).toEqual({ pads: [] });
    expect(waits()).toHaveLength(0);
    const [first, second] = fetch.mock.calls;
    expect(second).toEqual(first);
    expect(second?.[1]).toMatchObject({ method: "POST", body: '{"name":"Errands"}' });
  });

  it("is sent at once if the user asks", async () => {
    vi.stubGlobal("fetch", vi.fn().mockResolvedValueOnce(full("50")).mockResolvedValueOnce(done()));
    const called = api.pads.$get();
    await vi.advanceTimersByTimeAsync(1);
    waits()[0]?.end(true);
    expect((await called).ok).toBe(true);
  });

  it("fails if the user cancels", async () => {
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue(full("50")));
    const called = api.pads.$get().catch(codeOf);
    await vi.advanceTimersByTimeAsync(1);
    waits()[0]?.end(false);
    expect(await called).toBe("unavailable");
    expect(waits()).toHaveLength(0);
  });

  it("stops waiting when the page aborts it", async () => {
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue(full("50")));
    const abort = new AbortController();
    const called = api.pads.$get({}, { init: { signal: abort.signal } }).catch((error) => error.name);
    await vi.advanceTimersByTimeAsync(1);
    abort.abort();
    expect(await called).toBe("AbortError");
    expect(waits()).toHaveLength(0);
  });

  it("fails if the service stays full", async () => {
    const fetch = vi.fn().mockImplementation(async () => full("1"));
    vi.stubGlobal("fetch", fetch);
    const called = api.pads.$get().catch(codeOf);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await called).toBe("unavailable");
    expect(fetch).toHaveBeenCalledTimes(6);
  });

  it.each([429, 503])("waits also if the gateway has rejected it: %i", async (status) => {
    const rejected = Response.json({ message: "Too Many Requests" }, { status });
    vi.stubGlobal("fetch", vi.fn().mockResolvedValueOnce(rejected).mockResolvedValueOnce(done()));
    const called = api.pads.$get();
    await vi.advanceTimersByTimeAsync(1);
    expect(waits()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await called).ok).toBe(true);
  });

  it("fails at once if the wait is too long: after too many passwords", async () => {
    const headers = { "content-type": "application/problem+json", "retry-after": "900" };
    const fetch = vi
      .fn()
      .mockImplementation(async () => new Response('{"code":"rate_limited"}', { status: 429, headers }));
    vi.stubGlobal("fetch", fetch);
    const called = api.session.$post({ json: { email: "a@example.com", password: "wrong horse" } });
    await expect(called).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 900 });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe("a call without an answer, or with an internal error", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    ["unreachable", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["internal", async () => new Response("", { status: 500 })],
  ])("is not repeated unless the user asks: %s", async (code, answer) => {
    const fetch = vi.fn().mockImplementation(answer);
    vi.stubGlobal("fetch", fetch);
    await expect(api.pads.$get()).rejects.toMatchObject({ code });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
