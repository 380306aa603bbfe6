import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { each } from "./each.ts";

test("work is called with each item once, in order, four at the same time", async () => {
  const items = Array.from({ length: 30 }, (_, index) => index);
  const begun: number[] = [];
  let now = 0;
  let most = 0;

  await each(items, async (item) => {
    begun.push(item);
    most = Math.max(most, ++now);
    await setImmediate();
    now--;
  });

  expect(begun).toEqual(items);
  expect(most).toBe(4);
});

test("the first error ends it, once the calls under way have ended", async () => {
  const begun: number[] = [];
  let ended = 0;

  const outcome = each([0, 1, 2, 3, 4, 5, 6, 7], async (item) => {
    begun.push(item);
    await setImmediate();
    if (item === 1) throw new Error("one");
    await setImmediate();
    ended++;
  });

  await expect(outcome).rejects.toThrow("one");
  expect(begun).toEqual([0, 1, 2, 3]);
  expect(ended).toBe(3);
});
