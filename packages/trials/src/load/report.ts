// A load test's report: a table for people, JSON for programs.

import { table } from "@notejam/command-line/table";
import { sum } from "./judge.ts";
import { hasPassed, type LoadReport } from "./load.ts";
import { PHASE_NAMES, PHASES, type Phase } from "./plan.ts";
import type { Tally } from "./tally.ts";

type Row = [label: string, ...cells: (string | number)[]];

/** The table of what was sent and answered in each phase. */
export function inWords({ size, phases, checked }: LoadReport): string {
  const { rate, seconds, users, seed } = size;
  const row = (label: string, cell: (tally: Tally, phase: Phase) => string | number): Row => [
    label,
    ...PHASE_NAMES.map((phase) => cell(phases[phase], phase)),
  ];
  const counts: Row[] = [
    ["", ...PHASE_NAMES],
    row("calls a second", (_, phase) => rate * PHASES[phase]),
    row("calls", ({ begun }) => begun),
    row("had to wait", ({ waited }) => waited),
    row("failed", ({ faults }) => sum(faults)),
    row("not ended", ({ begun, ended }) => begun - ended),
    row("p50 ms", ({ took }) => took.p50),
    row("p95 ms", ({ took }) => took.p95),
    row("p99 ms", ({ took }) => took.p99),
    row("longest ms", ({ took }) => took.most),
    row("begun late, p99 ms", ({ late }) => late.p99),
  ];
  const routes = new Set(PHASE_NAMES.flatMap((phase) => Object.keys(phases[phase].requests)));
  const requests = [...routes].sort().flatMap((route) => {
    const statuses = new Set(
      PHASE_NAMES.flatMap((phase) => Object.keys(phases[phase].requests[route] ?? {})),
    );
    return [...statuses]
      .sort()
      .map((status) => row(`${route}  ${status}`, (tally) => tally.requests[route]?.[status] ?? 0));
  });
  const notes = `${users} users, ${seconds} s each phase, seed ${seed}; ${checked} notes were read again at the end.`;
  return `${table(counts)}\n${table([["requests", ...PHASE_NAMES], ...requests])}\n${notes}\n`;
}

/** The report as a value of JSON. Times are in milliseconds. */
export function asJson(origin: string, report: LoadReport): unknown {
  const { size, phases, checked, isStopped, failures, left } = report;
  const of = ({ begun, ended, waited, faults, took, late, requests }: Tally, phase: Phase) => ({
    rate: size.rate * PHASES[phase],
    calls: begun,
    ended,
    waited,
    failed: sum(faults),
    wrong: sum(faults.filter(({ isWrong }) => isWrong)),
    tookMs: took,
    lateMs: late,
    requests,
    faults,
  });
  return {
    origin,
    passed: hasPassed(report),
    stopped: isStopped,
    ...size,
    phases: Object.fromEntries(PHASE_NAMES.map((phase) => [phase, of(phases[phase], phase)])),
    checkedNotes: checked,
    failures,
    left,
  };
}
