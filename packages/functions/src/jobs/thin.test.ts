// The job that thins states, on the real database engine. What the rule keeps is tested in core/test/retention.test.ts.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { newNote, newUser, type Service, startService } from "../../test/service.ts";
import { STEP_ROWS } from "./job.ts";
import { addStates, dieAfterStatement, runJob } from "./testing/run.ts";
import { handler } from "./thin.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const HOUR_MS = 3_600_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());
beforeEach(async () => void (await service.statement("delete from note")));
afterEach(() => service.dataApi.faults.clear());

const run = (now = NOW) => runJob(service, "thin", handler, now);

/** Adds a note with states a second apart, of which all but each minute's last are to be emptied. */
async function addNote(count: number): Promise<string> {
  const { id } = await newNote(await newUser(service));
  await addStates(service, id, { count, from: new Date(NOW.getTime() - 20 * HOUR_MS), apart: "1 second" });
  return id;
}

async function keptVersions(): Promise<unknown[]> {
  const rows = await service.statement(
    "select version from revision where thinned_at is null and text <> '' order by 1",
  );
  return rows.map(({ version }) => version);
}

test("empties all states of a minute but the last, and logs how many it looked at and emptied, for a metric too", async () => {
  await addNote(150);

  const { outcome, line } = await run();

  expect(outcome).toEqual({ taken: 150, thinned: 148 });
  expect(line).toMatchObject({ level: "info", message: "thin", taken: 150, thinned: 148, dataApiCalls: 1 });
  const metrics = ["taken", "thinned"].map((Name) => ({ Name, Unit: "Count" }));
  expect(line).toMatchObject({
    stage: "test",
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [{ Namespace: "Notejam", Dimensions: [["stage", "message"]], Metrics: metrics }],
    },
  });
  // The state that began with the last second of each whole minute.
  expect(await keptVersions()).toEqual([60, 120]);
});

test("goes on as the time of its event does: after a day one of ten minutes is left, after a month one of a day", async () => {
  await addNote(1500);

  const kept = [];
  for (const hours of [0, 25, 24 * 31, 24 * 1097]) {
    await run(new Date(NOW.getTime() + hours * HOUR_MS));
    kept.push((await keptVersions()).length);
  }

  expect(kept).toEqual([25, 2, 0, 0]);
});

test("takes many states in steps, and nothing in a second run", async () => {
  await addNote(2 * STEP_ROWS + 10);

  expect((await run()).line).toMatchObject({ taken: 2 * STEP_ROWS + 10, dataApiCalls: 3 });
  const kept = await keptVersions();
  const { line } = await run();
  expect(line).toMatchObject({ taken: 0, thinned: 0, dataApiCalls: 1 });
  // No metric of a zero.
  expect(line._aws).toBeUndefined();
  expect(await keptVersions()).toEqual(kept);
});

test("goes on in the next run if its process dies after any step", async () => {
  await addNote(2 * STEP_ROWS + 10);

  for (let step = 1; step <= 3; step++) {
    dieAfterStatement(service);
    const { outcome, line } = await run();
    expect(outcome).toMatchObject({ error: { errorMessage: expect.stringContaining("thin") } });
    expect(line).toMatchObject({ level: "error", message: "thin" });
  }

  expect((await run()).outcome).toEqual({ taken: 0, thinned: 0 });
  expect((await keptVersions()).length).toBe(Math.floor((2 * STEP_ROWS + 10) / 60));
});
