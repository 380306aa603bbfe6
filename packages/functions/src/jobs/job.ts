// What the scheduled jobs have in common: they take the time of their event, work in small steps, and log one line. A job may
// run twice, or twice at once, and what one run leaves undone the next one does.
import type { Context, EventBridgeEvent } from "aws-lambda";
import { logInvocation } from "../invocation.ts";

/** Rows that one statement changes: few enough to be quick. */
export const STEP_ROWS = 1000;
/** Steps of one run. */
export const STEPS_MAX = 50;

/** What EventBridge sends by the clock. Invoked by hand with `{}`, a job runs for the present time. */
type ScheduledEvent = Partial<Pick<EventBridgeEvent<"Scheduled Event", unknown>, "time">>;

/**
 * The handler of a scheduled job.
 * @param name what the log line says
 * @param run returns what it did, for the log line
 */
export function scheduledJob(name: string, run: (now: Date) => Promise<Record<string, number>>) {
  return ({ time }: ScheduledEvent, lambda: Pick<Context, "awsRequestId">): Promise<void> =>
    logInvocation(name, lambda, () => run(time === undefined ? new Date() : new Date(time)));
}

/**
 * Repeats a step until it finds less than it may take.
 * @param step takes at most so many rows, and returns how many it took
 * @returns how many rows all steps took
 */
export async function inSteps(step: (rows: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const taken = await step(STEP_ROWS);
    total += taken;
    if (taken < STEP_ROWS) break;
  }
  return total;
}
