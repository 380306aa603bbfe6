import { expect, test } from "vitest";
import { inSteps, STEP_ROWS, STEPS_MAX } from "./job.ts";

test.each([
  ["there are no more rows", 3 * STEP_ROWS + 1, 3 * STEP_ROWS + 1, 4],
  ["a step finds nothing, where all steps before were full", 3 * STEP_ROWS, 3 * STEP_ROWS, 4],
  [
    "a run has made its steps, and leaves the rest to the next one",
    2 ** 31,
    STEPS_MAX * STEP_ROWS,
    STEPS_MAX,
  ],
])("steps end when %s", async (_, rows, total, steps) => {
  let left = rows;
  let made = 0;
  const step = async (most: number) => {
    made++;
    const taken = Math.min(most, left);
    left -= taken;
    return taken;
  };

  expect([await inSteps(step), made]).toEqual([total, steps]);
});
