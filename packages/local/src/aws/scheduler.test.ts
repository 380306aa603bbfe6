import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InProcessFunction } from "./lambda/in-process-function.ts";
import { AsyncInvocations } from "./lambda/invoke.ts";
import { type ScheduledEvent, Scheduler } from "./scheduler.ts";

const HOUR_MS = 60 * 60 * 1000;

const events: ScheduledEvent[] = [];
const faults: string[] = [];
const later = new AsyncInvocations((name, { errorMessage }) => faults.push(`${name}: ${errorMessage}`), []);
const scheduler = new Scheduler(later);
const job = (name: string) =>
  new InProcessFunction(name, (event: ScheduledEvent) => {
    events.push(event);
    if (name === "failing") throw new Error("no");
  });

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-24T23:10:11.500Z") });
  events.length = 0;
  faults.length = 0;
});
afterEach(() => {
  scheduler.stop();
  vi.useRealTimers();
});

test("runs a job soon after the start, but not at once, and then as often as its schedule says", async () => {
  scheduler.start([{ target: job("sweep"), everyHours: 2 }]);

  await vi.advanceTimersByTimeAsync(0);
  expect(events).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(events).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4 * HOUR_MS);
  expect(events).toHaveLength(3);
});

test("sends the event that EventBridge sends", async () => {
  scheduler.start([{ target: job("sweep"), everyHours: 1 }]);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(events).toEqual([
    {
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "000000000000",
      time: expect.stringMatching(/^2026-11-24T23:10:\d\dZ$/),
      region: "local",
      resources: ["arn:aws:events:local:000000000000:rule/sweep"],
      detail: {},
    },
  ]);
});

test("does not run several jobs at the same moment", async () => {
  const moments: number[] = [];
  const noting = (name: string) => new InProcessFunction(name, () => void moments.push(Date.now()));
  scheduler.start([
    { target: noting("one"), everyHours: 1 },
    { target: noting("two"), everyHours: 1 },
  ]);

  await vi.advanceTimersByTimeAsync(60_000);

  expect(new Set(moments).size).toBe(2);
});

test("says that a run failed, and goes on", async () => {
  scheduler.start([{ target: job("failing"), everyHours: 1 }]);
  await vi.advanceTimersByTimeAsync(60_000 + HOUR_MS);

  expect(faults).toEqual(["failing: no", "failing: no"]);
});

test("runs nothing once it is stopped, before the first run or after it", async () => {
  scheduler.start([{ target: job("sweep"), everyHours: 1 }]);
  scheduler.stop();
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(events).toHaveLength(0);

  scheduler.start([{ target: job("sweep"), everyHours: 1 }]);
  await vi.advanceTimersByTimeAsync(60_000);
  scheduler.stop();
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(events).toHaveLength(1);
});
