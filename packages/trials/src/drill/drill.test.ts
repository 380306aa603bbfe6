// A short drill, on PGlite, whose backup is a copy of its folder. `npm run drill` runs the long one on both engines.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { database } from "@notejam/core/db/client";
import { expect, test } from "vitest";
import { drill } from "./drill.ts";
import { inWords, writeReport } from "./report.ts";

/** Three services start, one after the other. */
const TIMEOUT = 240_000;

test("nothing that was acknowledged before the backup is lost, and what was deleted for ever stays so", {
  timeout: TIMEOUT,
}, async () => {
  const report = await drill("pglite", { operations: 40 });

  expect(report.lost).toEqual([]);
  expect(report.purged).toEqual({ notes: 3, pads: 0 });
  expect(report.same).toBeGreaterThan(0);
  expect(Object.keys(report.seconds)).toContain("restore the backup");

  const folder = mkdtempSync(join(tmpdir(), "notejam-report-"));
  const path = await writeReport(folder, report);
  expect(readFileSync(path, "utf8")).toContain("Nothing that was acknowledged before the backup is lost.\n");
  expect(JSON.parse(readFileSync(path.replace(/txt$/, "json"), "utf8"))).toEqual(report);
  rmSync(folder, { recursive: true });
});

// The comparison has its own tests (packages/cli); this one takes half a minute.
if (process.env.NOTEJAM_LONG_TESTS) {
  test("a note that the restored database lacks, a state that was changed and one that was removed are named", {
    timeout: TIMEOUT,
  }, async () => {
    const damaged: Record<string, unknown> = {};
    const report = await drill("pglite", {
      operations: 60,
      async damage() {
        const run = async (statement: string) =>
          (await database().execute<{ id: string }>(statement)).rows[0]?.id;
        damaged.changed = await run(
          `update revision set text = 'forged' where (note_id, version) =
            (select note_id, version from revision where version = 1 order by note_id limit 1) returning note_id id`,
        );
        damaged.removed = await run(
          `delete from revision where (note_id, version) =
            (select note_id, version from revision where version = 1 order by note_id desc limit 1) returning note_id id`,
        );
        damaged.missing = await run(
          `delete from note where id = (select n.id from note n left join revision r on r.note_id = n.id
            where r.note_id is null limit 1) returning id`,
        );
      },
    });

    const problems = (note: unknown) =>
      report.lost.flatMap((one) => (one.note === note ? [one.problem] : []));
    expect(problems(damaged.changed)).toContain("version 1 is not as it was written");
    expect(problems(damaged.removed)).toContain("version 1 is missing");
    expect(problems(damaged.missing)).toContain("it is missing, with 1 state");
    expect(inWords(report)).toMatch(/^LOST OR CHANGED: \d+$/m);
  });
}
