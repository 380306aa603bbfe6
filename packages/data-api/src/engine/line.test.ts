// Who waits for a session, and in which order each is served.
import { expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { LIMITS } from "../limits.ts";
import { Line } from "./line.ts";

test("the line is served first come, first served", async () => {
  const line = new Line<number>(new ManualClock(), "taken");
  const waiting = [line.wait(), line.wait(), line.wait()];
  let served = 0;
  for (const _ of waiting) line.serve(() => ++served);
  expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
});

test("nothing is made where nobody waits", () => {
  const line = new Line<number>(new ManualClock(), "taken");
  line.serve(() => expect.unreachable());
  expect(line.empty).toBe(true);
});

test("who waits for as long as a call may take is told why, and the next one is served", async () => {
  const clock = new ManualClock();
  const line = new Line<number>(clock, "the only one is taken");
  const first = expect(line.wait()).rejects.toMatchObject({
    type: "DatabaseErrorException",
    message: "FATAL: the only one is taken; SQLState: 53300",
  });
  clock.advance(LIMITS.callMs - 1);
  const second = line.wait();
  clock.advance(1);
  await first;
  expect(line.empty).toBe(false);
  line.serve(() => 1);
  expect(await second).toBe(1);
  expect(clock.due).toEqual([]);
});

test("all who wait can be refused at once", async () => {
  const clock = new ManualClock();
  const line = new Line<number>(clock, "taken");
  const outcomes = Promise.allSettled([line.wait(), line.wait()]);
  const reason = new Error("closed");
  line.refuse(reason);
  expect(await outcomes).toEqual([1, 2].map(() => ({ status: "rejected", reason })));
  expect(clock.due).toEqual([]);
});

test("ten thousand who wait are no burden", async () => {
  const clock = new ManualClock();
  const line = new Line<number>(clock, "taken");
  const outcomes = Promise.allSettled(Array.from({ length: 10_000 }, () => line.wait()));
  clock.advance(LIMITS.callMs);
  line.serve(() => expect.unreachable());
  expect((await outcomes).every(({ status }) => status === "rejected")).toBe(true);
});
