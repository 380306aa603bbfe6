// Whether a load test passed: what is beyond its limits, in words that name the phase and what was answered.
import { PHASE_NAMES, type Phase } from "./plan.ts";
import type { Fault, Tally } from "./tally.ts";

/** Each limit holds for each phase by itself: a calm base phase does not make up for a bad step. */
export interface Limits {
  /** Percent of the calls that may fail or stay without an answer. A wrong answer is always beyond it. */
  errorsMax: number;
  /** Percent of the calls that may be told to wait. */
  waitsMax: number;
  /** Milliseconds in which 99 of 100 calls must have ended; undefined for any. */
  p99Max: number | undefined;
}

/** What is judged of a phase. */
export type Counted = Pick<Tally, "begun" | "waited" | "faults" | "took">;

/** Kinds of faults that are named; the others are counted. */
const NAMED_MAX = 5;

/** @returns a sentence for each limit that was not kept, with the faults below it */
export function beyondLimits(phases: Record<Phase, Counted>, limits: Limits): string[] {
  return PHASE_NAMES.flatMap((phase) => {
    const { begun, waited, faults, took } = phases[phase];
    const { errorsMax, waitsMax, p99Max } = limits;
    const lines: string[] = [];
    const failed = sum(faults);
    const wrong = sum(faults.filter(({ isWrong }) => isWrong));
    if (wrong > 0 || percent(failed, begun) > errorsMax)
      lines.push(`${phase}: ${share(failed, begun)} failed, and ${allowed(errorsMax)}.\n${named(faults)}`);
    if (percent(waited, begun) > waitsMax)
      lines.push(`${phase}: ${share(waited, begun)} had to wait, and ${allowed(waitsMax)}.`);
    if (p99Max !== undefined && took.p99 > p99Max)
      lines.push(`${phase}: 99 of 100 calls ended within ${took.p99} ms, and ${p99Max} ms is the most.`);
    return lines;
  });
}

/** The faults in lines of their own, those of most calls first. */
export function named(faults: readonly Fault[]): string {
  const sorted = [...faults].sort((a, b) => b.calls - a.calls);
  const lines = sorted.slice(0, NAMED_MAX).map(({ calls, first, isWrong }) => {
    const kind = isWrong ? "wrong answer" : "failure";
    return `  ${calls} × ${kind}: ${first}`;
  });
  const others = sum(sorted.slice(NAMED_MAX));
  return [...lines, ...(others > 0 ? [`  ${others} × others`] : [])].join("\n");
}

export function sum(faults: readonly Fault[]): number {
  return faults.reduce((all, { calls }) => all + calls, 0);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} calls (${Number(percent(part, whole).toFixed(2))} %)`;
}

function allowed(most: number): string {
  return most === 0 ? "none may" : `${most} % may`;
}
