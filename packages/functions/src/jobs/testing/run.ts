// Runs a job as EventBridge runs it, for the jobs' tests.
import type { Handler } from "@notejam/local/aws/lambda/handler";
import { InProcessFunction } from "@notejam/local/aws/lambda/in-process-function";
import { scheduledEvent } from "@notejam/local/aws/scheduler";
import type { Service } from "../../../test/service.ts";

export interface Ran {
  /** What it answers: its counts, or the error. */
  outcome: unknown;
  /** Its line in the log. */
  line: Record<string, unknown>;
}

/** @param now the time of its event */
export async function runJob(service: Service, name: string, handler: Handler, now: Date): Promise<Ran> {
  const job = new InProcessFunction(name, handler);
  const outcome = await job.invoke(JSON.stringify(scheduledEvent(name, now)));
  const line = service.log.findLast((one) => JSON.parse(one).message === name) ?? "null";
  return { outcome: "payload" in outcome ? JSON.parse(outcome.payload) : outcome, line: JSON.parse(line) };
}

/** Lets the job's process die after its next statement: the statement has done its work, the run fails. */
export function dieAfterStatement(service: Service): void {
  service.dataApi.faults.plan({ kind: "sql-state", sqlState: "XX000", when: "after" });
}

export interface Added {
  /** How many states. */
  count: number;
  /** When the first one began, and how far they are apart, as an interval of SQL. */
  from: Date;
  apart: string;
}

/**
 * Adds earlier states to a note that has one, as if it had been changed at those times. Its own version rises.
 */
export async function addStates(service: Service, noteId: string, { count, from, apart }: Added) {
  await service.statement(
    `insert into revision (user_id, note_id, name, text, bytes, hash, version, kind, updated_at, changed_at, due_at)
      select n.user_id, n.id, 'Milk', 'text', 4, sha256('text'), i, 'save', t, t, t + interval '${apart}' + interval '1 hour'
      from note n, generate_series(1, ${count}) i, lateral (
        select timestamptz '${from.toISOString()}' + (i - 1) * interval '${apart}' t) at where n.id = '${noteId}'`,
  );
  await service.statement(
    `update note set version = ${count + 1}, created_at = '${from.toISOString()}',
      changed_at = timestamptz '${from.toISOString()}' + ${count} * interval '${apart}' where id = '${noteId}'`,
  );
}
