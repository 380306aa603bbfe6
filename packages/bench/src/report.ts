// The figures as tables for people.

import { table } from "@notejam/command-line/table";
import type { Figures, Measurement, Phase } from "./figures.ts";
import { MAIN_STATEMENT } from "./statements.ts";

export function writeReport(figures: Figures): string {
  const engines = [...new Set(figures.measurements.map(({ engine }) => engine))];
  return [
    `The local Data API on ${figures.date}: ${figures.cores} cores (${figures.processor}), ${figures.system}, Node.js ${figures.node},`,
    `PGlite's PostgreSQL ${figures.pglite}, PostgreSQL ${figures.postgresql}; load before: ${figures.loadBefore}.`,
    `${figures.rounds} rounds of ${figures.calls} calls each. Times in µs: median / 99th percentile.`,
    "",
    ...engines.flatMap((engine) => [
      engine,
      "",
      writeTimes(of(figures, engine)),
      writePhases(of(figures, engine)),
    ]),
    "direct: the database's own client, without the Data API (PGlite in the same process; pg with an unnamed statement).",
    "server: from a request's arrival at the server until its answer is handed over, as the server's own process times it; ratio: to direct.",
    "bare HTTP, AWS SDK: the whole call, as such a client sees it.",
    "",
  ].join("\n");
}

const of = ({ measurements }: Figures, engine: string) =>
  measurements.filter((measurement) => measurement.engine === engine);

function writeTimes(measurements: Measurement[]): string {
  const head = ["", "direct", "server", "ratio", "bare HTTP", "AWS SDK", "direct/s", "HTTP/s"];
  return table([
    head,
    ...measurements.map(({ statement, connections, direct, server, ratio, http, sdk }) => [
      `${statement}, ${connections}×`,
      ...[direct, server].map(({ medianUs, p99Us }) => `${medianUs} / ${p99Us}`),
      ratio.toFixed(1),
      ...[http, sdk].map(({ medianUs, p99Us }) => `${medianUs} / ${p99Us}`),
      direct.callsPerSecond,
      http.callsPerSecond,
    ]),
  ]);
}

function writePhases(measurements: Measurement[]): string {
  const shown = measurements.filter(({ statement }) => statement === MAIN_STATEMENT.name);
  const names = shown[0]?.phases.map(({ name }) => name) ?? [];
  return table([
    [
      `where the time of ${MAIN_STATEMENT.name} goes, over bare HTTP`,
      ...shown.map(({ connections }) => `${connections}×`),
    ],
    ...names.map((name) => [name, ...shown.map(({ phases }) => microseconds(phases, name))]),
  ]);
}

const microseconds = (phases: Phase[], name: string) => phases.find((phase) => phase.name === name)?.us ?? "";
