// The time limit of a call: what takes longer is stopped, or goes on after its caller was answered.
import type { Clock } from "../clock.ts";
import type { Session } from "../engine/engine.ts";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

/** What a call's work is given, to see whether its time is over. */
export interface Time {
  isOver: boolean;
}

/** Stops what takes longer than a statement may. */
export async function limited<T>(
  session: Session,
  clock: Clock,
  run: (time: Time) => Promise<T>,
): Promise<T> {
  const time: Time = { isOver: false };
  const timer = clock.after(LIMITS.callMs, () => {
    time.isOver = true;
    session.cancel();
  });
  try {
    return await run(time);
  } finally {
    timer.cancel();
  }
}

/** Answers in time even if the statement goes on. It keeps its session until it ends. */
export function answeredInTime<T>(work: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(LIMITS.callMs, () => {
      reject(
        new DataApiError("StatementTimeoutException", "Request timed out. The statement continues to run."),
      );
    });
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
