// Who waits for a session, and in which order each is served.
import { expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { LIMITS } from "../limits.ts";
import { Queue } from "./queue.ts";

test("the queue is served first come, first served", async () => {
  const queue = new Queue<number>(new ManualClock(), "taken");
  const waiting = [queue.wait(), queue.wait(), queue.wait()];
  let served = 0;
  for (const _ of waiting) queue.serve(() => ++served);
  expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
});

test("nothing is made if no call waits", () => {
  const queue = new Queue<number>(new ManualClock(), "taken");
  queue.serve(() => expect.unreachable());
  expect(queue.empty).toBe(true);
});

test("a call that waits as long as it may is refused with the reason, and the next one is served", async () => {
  const clock = new ManualClock();
  const queue = new Queue<number>(clock, "the only one is taken");
  const first = expect(queue.wait()).rejects.toMatchObject({
    type: "DatabaseErrorException",
    message: "FATAL: the only one is taken; SQLState: 53300",
  });
  clock.advance(LIMITS.callMs - 1);
  const second = queue.wait();
  clock.advance(1);
  await first;
  expect(queue.empty).toBe(false);
  queue.serve(() => 1);
  expect(await second).toBe(1);
  expect(clock.due).toEqual([]);
});

test("all who wait can be refused at once", async () => {
  const clock = new ManualClock();
  const queue = new Queue<number>(clock, "taken");
  const outcomes = Promise.allSettled([queue.wait(), queue.wait()]);
  const reason = new Error("closed");
  queue.refuse(reason);
  expect(await outcomes).toEqual([1, 2].map(() => ({ status: "rejected", reason })));
  expect(clock.due).toEqual([]);
});

test("ten thousand who wait are no burden", async () => {
  const clock = new ManualClock();
  const queue = new Queue<number>(clock, "taken");
  const outcomes = Promise.allSettled(Array.from({ length: 10_000 }, () => queue.wait()));
  clock.advance(LIMITS.callMs);
  queue.serve(() => expect.unreachable());
  expect((await outcomes).every(({ status }) => status === "rejected")).toBe(true);
});
