// The report of a drill: for people as text, for programs as JSON.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DrillReport } from "./drill.ts";

/** The report as text. */
export function inWords(report: DrillReport): string {
  const { engine, acknowledged, notes, same, purged, purgedStates, lost, seconds } = report;
  const steps = Object.entries(seconds).map(([name, time]) => `  ${time.toFixed(1).padStart(6)} s  ${name}`);
  return [
    `Recovery drill on ${engine}`,
    "",
    ...steps,
    "",
    `${acknowledged.before} states of ${notes} notes were acknowledged before the backup: ${same} are as they were.`,
    `${purged.notes} notes and ${purged.pads} pads, deleted for ever after it, were deleted again, with ${purgedStates} of those states.`,
    `${acknowledged.after} states were acknowledged after the backup, and are lost with the database.`,
    lost.length === 0
      ? "Nothing that was acknowledged before the backup is lost."
      : `LOST OR CHANGED: ${lost.length}`,
    ...lost.map(({ note, problem }) => `  note ${note}: ${problem}`),
    "",
  ].join("\n");
}

/** Writes both into a folder, which is made. @returns the path of the text */
export async function writeReport(folder: string, report: DrillReport): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${report.at.replaceAll(/[:.]/g, "-")}-${report.engine}`;
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  const path = join(folder, `${name}.txt`);
  await writeFile(path, inWords(report));
  return path;
}
