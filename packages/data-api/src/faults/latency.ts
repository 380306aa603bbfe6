// How long a network would take, drawn for each call.
import * as z from "zod/mini";
import { DAY_MS, kinds, members, milliseconds } from "../schema.ts";
import type { Random } from "./random.ts";

export const latencySchema = kinds([
  members({ kind: z.literal("constant"), ms: milliseconds }),
  members({ kind: z.literal("uniform"), minMs: milliseconds, maxMs: milliseconds }).check(
    z.refine(({ minMs, maxMs }) => maxMs >= minMs, { path: ["maxMs"], error: "must not be below minMs." }),
  ),
  members({ kind: z.literal("lognormal"), medianMs: milliseconds, p99Ms: milliseconds }).check(
    z.refine(({ medianMs }) => medianMs > 0, { path: ["medianMs"], error: "must be above 0." }),
    z.refine(({ medianMs, p99Ms }) => p99Ms >= medianMs, {
      path: ["p99Ms"],
      error: "must not be below medianMs.",
    }),
  ),
]);

/** Milliseconds by a distribution. Real latencies have a long tail, which "lognormal" has too. */
export type Latency = z.output<typeof latencySchema>;

/** 99 % of a normal distribution are below as many standard deviations. */
const Z_99 = 2.3263478740408408;

/** @returns milliseconds, a day at most */
export function drawMs(latency: Latency, random: Random): number {
  switch (latency.kind) {
    case "constant":
      return latency.ms;
    case "uniform":
      return latency.minMs + (latency.maxMs - latency.minMs) * random.next();
    case "lognormal": {
      const deviation = Math.log(latency.p99Ms / latency.medianMs) / Z_99;
      return Math.min(latency.medianMs * Math.exp(deviation * drawNormal(random)), DAY_MS);
    }
  }
}

/** By Box and Muller: two uniform numbers make one of the standard normal distribution. */
function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
