import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "./problem.ts";
import { backoff, type Patience, secondsToWait, sleep } from "./retry.ts";

const PATIENCE: Patience = { repeat: ["unavailable"], waitMaxSeconds: 300, totalMaxSeconds: 300 };
const FIRST = { turn: 0, elapsedSeconds: 0 };
const chance = fc.double({ min: 0, max: 1, noNaN: true });
const full = (retryAfterSeconds?: number) => new Problem("unavailable", { retryAfterSeconds });

describe("the wait", () => {
  it("is a tenth to three tenths longer than what the service asked for, and at least a second", () => {
    fc.assert(
      fc.property(fc.nat(200), chance, (asked, chance) => {
        const seconds = secondsToWait(full(asked), FIRST, PATIENCE, chance);
        expect(seconds).toBeGreaterThanOrEqual(Math.max(1, asked) * 1.1);
        expect(seconds).toBeLessThanOrEqual(Math.max(1, asked) * 1.3 + 1e-9);
      }),
    );
  });

  it("doubles where the service asked for none, up to half a minute", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 60].map((turn) =>
      secondsToWait(full(), { turn, elapsedSeconds: 0 }, PATIENCE, 0),
    );
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1.1));
  });

  it("never leads past a limit, with what is added either", () => {
    const limits = fc.record({
      waitMaxSeconds: fc.nat(500),
      totalMaxSeconds: fc.nat(500),
      turnsMax: fc.nat(9),
    });
    const attempt = fc.record({ turn: fc.nat(12), elapsedSeconds: fc.nat(500) });
    fc.assert(
      fc.property(limits, attempt, fc.nat(500), chance, (limits, attempt, asked, chance) => {
        const longest = Math.min(limits.waitMaxSeconds, limits.totalMaxSeconds - attempt.elapsedSeconds);
        const least = Math.max(1, asked);
        const seconds = secondsToWait(full(asked), attempt, { repeat: ["unavailable"], ...limits }, chance);
        expect(seconds !== undefined).toBe(attempt.turn < limits.turnsMax && least <= longest);
        if (seconds === undefined) return;
        expect(seconds).toBeGreaterThanOrEqual(least);
        expect(seconds).toBeLessThanOrEqual(longest);
      }),
    );
    expect(secondsToWait(full(300), FIRST, PATIENCE, 1)).toBe(300);
  });

  it("is only for what may pass", () => {
    expect(secondsToWait(new Problem("wrong_credentials"), FIRST, PATIENCE)).toBeUndefined();
    expect(secondsToWait(new Problem("rate_limited"), FIRST, PATIENCE)).toBeUndefined();
  });
});

describe("backoff", () => {
  it("sends again when the caller's own waiting says so", async () => {
    const wait = vi.fn().mockResolvedValueOnce(true).mockResolvedValueOnce(false);
    const retry = backoff({ ...PATIENCE, wait });
    const { signal } = new AbortController();

    expect(await retry(full(7), { ...FIRST, signal })).toBe(true);
    expect(await retry(full(7), { ...FIRST, signal })).toBe(false);
    expect(wait).toHaveBeenCalledWith(expect.any(Number), signal);
  });

  it("does not wait for what can't pass", async () => {
    const wait = vi.fn();
    expect(
      await backoff({ ...PATIENCE, wait })(new Problem("not_found"), { ...FIRST, signal: undefined }),
    ).toBe(false);
    expect(wait).not.toHaveBeenCalled();
  });
});

describe("sleep", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("ends after its seconds", async () => {
    const slept = vi.fn();
    void sleep(2).then(slept);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(slept).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(slept).toHaveBeenCalledWith(true);
  });

  it("ends with the signal's reason, and leaves no timer behind", async () => {
    const stop = new AbortController();
    const slept = sleep(60, stop.signal);
    stop.abort(new Error("Enough"));
    await expect(slept).rejects.toThrow("Enough");
    await expect(sleep(60, stop.signal)).rejects.toThrow("Enough");
    expect(vi.getTimerCount()).toBe(0);
  });
});
