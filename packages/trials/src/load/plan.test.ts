import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MIX, PHASE_NAMES, PHASES, planned, type Size } from "./plan.ts";

const sizes = fc.record({
  rate: fc.integer({ min: 1, max: 20 }),
  seconds: fc.integer({ min: 1, max: 5 }),
  users: fc.integer({ min: 1, max: 12 }),
  seed: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
});

test("each phase has its rate, evenly spaced over its seconds, and begins where the one before ends", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const calls = planned(size);
      for (const [nth, phase] of PHASE_NAMES.entries()) {
        const perSecond = size.rate * PHASES[phase];
        const beganMs = nth * size.seconds * 1000;
        const dues = calls.filter((call) => call.phase === phase).map(({ dueMs }) => dueMs - beganMs);
        expect(dues).toHaveLength(perSecond * size.seconds);
        for (const [i, due] of dues.entries()) expect(due).toBeCloseTo((i * 1000) / perSecond, 6);
      }
      expect(calls.map(({ phase }) => phase)).toEqual(
        calls.map(({ phase }) => phase).sort((a, b) => PHASE_NAMES.indexOf(a) - PHASE_NAMES.indexOf(b)),
      );
    }),
    { numRuns: 25 },
  );
});

test("the step is four times the traffic before and after it", () => {
  expect(PHASES).toEqual({ base: 1, step: 4, recovery: 1 });
});

test("each hundred calls are the mix, and users take turns in each act", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const calls = planned(size);
      for (let start = 0; start + 100 <= calls.length; start += 100)
        expect(counted(calls.slice(start, start + 100).map(({ act }) => act))).toEqual(MIX);
      for (const act of Object.keys(MIX)) {
        const users = calls.filter((call) => call.act === act).map(({ user }) => user);
        expect(users).toEqual(users.map((_, turn) => turn % size.users));
      }
    }),
    { numRuns: 25 },
  );
});

test("the mix is a hundred calls", () => {
  expect(Object.values(MIX).reduce((all, one) => all + one, 0)).toBe(100);
});

test("a seed repeats the calls, and another makes others", () => {
  const size: Size = { rate: 20, seconds: 2, users: 3, seed: 7 };
  expect(planned(size)).toEqual(planned(size));
  const acts = (seed: number) => planned({ ...size, seed }).map(({ act }) => act);
  expect(acts(7)).not.toEqual(acts(8));
});

function counted(all: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
