import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "./problem.ts";
import { request, secondsToWait } from "./request.ts";
import { waits } from "./waiting.ts";

function full(retryAfter: string): Response {
  const headers = { "content-type": "application/problem+json", "retry-after": retryAfter };
  return new Response('{"code":"unavailable"}', { status: 503, headers });
}

describe("a request that a full service turns away", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("waits in sight, and goes again", async () => {
    const fetch = vi.fn().mockResolvedValueOnce(full("5")).mockResolvedValueOnce(new Response("done"));
    vi.stubGlobal("fetch", fetch);
    const asked = request("/api/notes", { method: "POST", body: "{}" });

    await vi.advanceTimersByTimeAsync(4_999);
    expect(waits()).toHaveLength(1);
    expect(fetch).toHaveBeenCalledTimes(1);

    await vi.advanceTimersByTimeAsync(2_000);
    expect(await (await asked).text()).toBe("done");
    expect(waits()).toHaveLength(0);
    expect(fetch).toHaveBeenLastCalledWith("/api/notes", { method: "POST", body: "{}" });
  });

  it("goes at once where the reader says so", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn().mockResolvedValueOnce(full("50")).mockResolvedValueOnce(new Response("done")),
    );
    const asked = request("/api/notes");
    await vi.advanceTimersByTimeAsync(1);
    waits()[0]?.end(true);
    expect((await asked).ok).toBe(true);
  });

  it("fails where the reader gives up", async () => {
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue(full("50")));
    const asked = request("/api/notes").catch((problem: Problem) => problem.code);
    await vi.advanceTimersByTimeAsync(1);
    waits()[0]?.end(false);
    expect(await asked).toBe("unavailable");
    expect(waits()).toHaveLength(0);
  });

  it("fails in the end where it stays full", async () => {
    const fetch = vi.fn().mockImplementation(() => Promise.resolve(full("1")));
    vi.stubGlobal("fetch", fetch);
    const asked = request("/api/notes").catch((problem: Problem) => problem.code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await asked).toBe("unavailable");
    expect(fetch.mock.calls.length).toBeGreaterThan(2);
  });
});

it("no answer is a problem of its own, and is not repeated unasked", async () => {
  const fetch = vi.fn().mockRejectedValue(new TypeError("Failed to fetch"));
  vi.stubGlobal("fetch", fetch);
  await expect(request("/api/notes")).rejects.toMatchObject({ code: "unreachable" });
  expect(fetch).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});

describe("the wait", () => {
  it("is never shorter than what was told, and never much longer", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(4), fc.double({ min: 0, max: 1, noNaN: true }), (told, turn, chance) => {
        const seconds = secondsToWait(new Problem("unavailable", { retryAfterSeconds: told }), turn, chance);
        expect(seconds).toBeGreaterThan(told);
        expect(seconds).toBeLessThanOrEqual(Math.max(1, told) * 1.3);
      }),
    );
  });

  it("is the reader's to decide where it is long, and nobody's where waiting can't help", () => {
    expect(secondsToWait(new Problem("rate_limited", { retryAfterSeconds: 900 }), 0)).toBeUndefined();
    expect(secondsToWait(new Problem("wrong_credentials"), 0)).toBeUndefined();
    expect(secondsToWait(new Problem("internal"), 0)).toBeUndefined();
  });
});
