// How long a network would take, drawn for each call.
import { OptionError } from "../errors.ts";
import { DAY_MS, membersOf, millisecondsOf, oneOf } from "../members.ts";
import type { Random } from "./random.ts";

/** Milliseconds by a distribution. Real latencies have a long tail, which "lognormal" has too. */
export type Latency =
  | { kind: "constant"; ms: number }
  | { kind: "uniform"; minMs: number; maxMs: number }
  | { kind: "lognormal"; medianMs: number; p99Ms: number };

const MEMBERS = {
  constant: ["ms"],
  uniform: ["minMs", "maxMs"],
  lognormal: ["medianMs", "p99Ms"],
} as const satisfies Record<Latency["kind"], readonly string[]>;
const KINDS = Object.keys(MEMBERS) as Latency["kind"][];

/** @throws OptionError that names the member */
export function readLatency(value: unknown): Latency {
  const kind = oneOf(membersOf<"kind">(value, "latency").kind, "latency.kind", KINDS);
  const members = membersOf(value, "latency", ["kind", ...MEMBERS[kind]]);
  const read = (name: keyof typeof members) => millisecondsOf(members[name], `latency.${name}`);
  switch (kind) {
    case "constant":
      return { kind, ms: read("ms") };
    case "uniform": {
      const [minMs, maxMs] = [read("minMs"), read("maxMs")];
      if (maxMs < minMs) throw new OptionError("latency.maxMs must not be below minMs.");
      return { kind, minMs, maxMs };
    }
    case "lognormal": {
      const [medianMs, p99Ms] = [read("medianMs"), read("p99Ms")];
      if (medianMs === 0) throw new OptionError("latency.medianMs must be above 0.");
      if (p99Ms < medianMs) throw new OptionError("latency.p99Ms must not be below medianMs.");
      return { kind, medianMs, p99Ms };
    }
  }
}

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
