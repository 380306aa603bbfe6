import { describe, expect, test } from "vitest";
import { beyondLimits, type Counted, type Limits } from "./judge.ts";

const LIMITS: Limits = { errorsMax: 1, waitsMax: 5, p99Max: 500 };
const FAULT = { isWrong: false, calls: 1, first: "GET /api/notes answered 500" };

const counted = (over: Partial<Counted> = {}): Counted => ({
  begun: 100,
  waited: 5,
  faults: [FAULT],
  took: { p50: 20, p95: 200, p99: 500, most: 9000 },
  ...over,
});

const judged = (step: Partial<Counted>, limits: Partial<Limits> = {}) =>
  beyondLimits(
    { base: counted(), step: counted(step), recovery: counted({ begun: 0, waited: 0, faults: [] }) },
    { ...LIMITS, ...limits },
  );

test("what is at its limits passes, also where nothing was sent", () => {
  expect(judged({})).toEqual([]);
});

describe("it fails beyond a limit, and names the phase", () => {
  const TWO = { ...FAULT, calls: 2 };
  test.each<[string, Partial<Counted>, Partial<Limits>, string]>([
    ["errors", { faults: [TWO] }, {}, "step: 2 of 100 calls (2 %) failed, and 1 % may."],
    ["errors where none may", {}, { errorsMax: 0 }, "step: 1 of 100 calls (1 %) failed, and none may."],
    ["a wrong answer", { faults: [{ ...FAULT, isWrong: true }] }, {}, "step: 1 of 100 calls (1 %) failed"],
    ["waits", { waited: 6 }, {}, "step: 6 of 100 calls (6 %) had to wait, and 5 % may."],
    [
      "times",
      { took: { p50: 20, p95: 200, p99: 500.1, most: 9000 } },
      {},
      "step: 99 of 100 calls ended within 500.1 ms, and 500 ms is the most.",
    ],
  ])("%s", (_, step, limits, words) => {
    expect(judged(step, limits).filter((line) => line.startsWith("step"))).toEqual([
      expect.stringContaining(words),
    ]);
  });
});

test("times are judged only where a limit is given", () => {
  const slow = { took: { p50: 9e3, p95: 9e3, p99: 9e3, most: 9e3 } };
  expect(judged(slow, { p99Max: undefined })).toEqual([]);
});

test("faults are named, those of most calls first, and no more than five", () => {
  const faults = Array.from({ length: 7 }, (_, i) => ({ ...FAULT, calls: i + 1, first: `fault ${i + 1}` }));
  const [line] = judged({ faults });
  expect(line?.split("\n").slice(1)).toEqual([
    ...[7, 6, 5, 4, 3].map((n) => `  ${n} × failure: fault ${n}`),
    "  3 × others",
  ]);
});
