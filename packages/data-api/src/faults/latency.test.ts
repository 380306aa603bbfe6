// Latencies have the distribution that they are told.
import { describe, expect, test } from "vitest";
import { drawMs, type Latency } from "./latency.ts";
import { Random } from "./random.ts";

const DRAWS = 100_000;

function draw(latency: Latency, seed = 1): number[] {
  const random = new Random(seed, 0);
  return Array.from({ length: DRAWS }, () => drawMs(latency, random)).toSorted((a, b) => a - b);
}

const at = (sorted: number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

describe.each([1, 2, 4_294_967_295])("with the seed %d", (seed) => {
  test("a lognormal one has its median and its 99th percentile, and a tail beyond", () => {
    const drawn = draw({ kind: "lognormal", medianMs: 17, p99Ms: 60 }, seed);
    expect(at(drawn, 0.5) / 17).toBeCloseTo(1, 1);
    expect(at(drawn, 0.99) / 60).toBeCloseTo(1, 1);
    expect(drawn.at(-1)).toBeGreaterThan(120);
    expect(drawn[0]).toBeGreaterThan(0);
  });

  test("a uniform one is anywhere between its bounds alike", () => {
    const drawn = draw({ kind: "uniform", minMs: 10, maxMs: 20 }, seed);
    for (const share of [0, 0.1, 0.25, 0.5, 0.75, 0.9])
      expect(at(drawn, share)).toBeCloseTo(10 + 10 * share, 0);
    expect(drawn[0]).toBeGreaterThanOrEqual(10);
    expect(drawn.at(-1)).toBeLessThanOrEqual(20);
  });
});

test("a constant one draws nothing", () => {
  const random = new Random(3, 0);
  expect(drawMs({ kind: "constant", ms: 17 }, random)).toBe(17);
  expect(random.next()).toBe(new Random(3, 0).next());
});

test("one whose 99th percentile is its median is constant", () => {
  expect(new Set(draw({ kind: "lognormal", medianMs: 17, p99Ms: 17 }))).toEqual(new Set([17]));
});
