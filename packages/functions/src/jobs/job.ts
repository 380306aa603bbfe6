// The common part of scheduled jobs. A job uses the time of its event, works in small steps, and logs one line, from which
// CloudWatch extracts metrics. It may run twice, even at the same time, and each run goes on where an earlier one stopped.
import { config } from "@notejam/core/config";
import type { Context, EventBridgeEvent } from "aws-lambda";
import { logInvocation } from "../invocation.ts";
import { metricsOf } from "../metrics.ts";

/** How many rows one step changes: few enough for a quick statement. */
export const STEP_ROWS = 1000;
/** How many steps one run makes. */
export const STEPS_MAX = 50;

/** The event of EventBridge. A job that is invoked by hand with `{}` uses the present time. */
type ScheduledEvent = Partial<Pick<EventBridgeEvent<"Scheduled Event", unknown>, "time">>;

/**
 * The handler of a scheduled job.
 * @param name the job's name in the log line
 * @param run returns counts. They are in the log line and its metrics, and in the answer to an invocation by hand. Each count
 *   that is not zero is a metric that costs money (metrics.ts), so there are few.
 */
export function scheduledJob<Counts extends Record<string, number>>(
  name: string,
  run: (now: Date) => Promise<Counts>,
) {
  return ({ time }: ScheduledEvent, lambda: Pick<Context, "awsRequestId">): Promise<Counts> =>
    logInvocation(
      name,
      lambda,
      () => run(time === undefined ? new Date() : new Date(time)),
      (counts) => metricsOf(counts, { stage: config.stage, message: name }),
    );
}

/**
 * Repeats a step until it takes fewer rows than it may.
 * @param step takes at most `rows` rows, and returns how many it took
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
