// EventBridge's schedules: each invokes its function by the clock, without waiting for it, with the event that AWS sends.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
import { randomUUID } from "node:crypto";
import type { EventBridgeEvent } from "aws-lambda";
import type { LambdaFunction } from "./lambda/handler.ts";
import type { AsyncInvocations } from "./lambda/invoke.ts";

/** What AWS sends to the target of a schedule. */
export type ScheduledEvent = EventBridgeEvent<"Scheduled Event", Record<string, never>>;

export interface Schedule {
  /** The function that it invokes. */
  target: LambdaFunction;
  /** As in AWS's `rate(1 hour)`. */
  everyHours: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** The first run comes when the start is over; each further schedule begins a little later, so that they don't coincide. */
const FIRST_AFTER_MS = 5000;
const APART_MS = 1000;

export class Scheduler {
  readonly #later: AsyncInvocations;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @param later invokes the functions, and repeats what fails */
  constructor(later: AsyncInvocations) {
    this.#later = later;
  }

  start(schedules: readonly Schedule[]): void {
    for (const [i, schedule] of schedules.entries()) {
      const first = setTimeout(
        () => {
          this.#timers.delete(first);
          this.#run(schedule);
          this.#timers.add(setInterval(() => this.#run(schedule), schedule.everyHours * HOUR_MS));
        },
        FIRST_AFTER_MS + i * APART_MS,
      );
      this.#timers.add(first);
    }
  }

  stop(): void {
    // Node's clearTimeout ends intervals too.
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #run({ target }: Schedule) {
    this.#later.add(target, JSON.stringify(scheduledEvent(target.name, new Date())));
  }
}

/** @param rule the schedule's name */
export function scheduledEvent(rule: string, time: Date): ScheduledEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    // To the second, as AWS has it.
    time: time.toISOString().replace(/\.\d+Z$/, "Z"),
    region: "local",
    resources: [`arn:aws:events:local:000000000000:rule/${rule}`],
    detail: {},
  };
}
