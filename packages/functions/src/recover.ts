// The recover function. After a restore, and before users come back, it deletes again what they had deleted for ever. It also
// ends all sessions, for instance if tokens have leaked. It is invoked by hand (stacks/RUNBOOKS.md), and is safe to repeat.
import { endAll } from "@notejam/core/session/index";
import { applyPurged } from "@notejam/core/trash/apply-purged";
import { PurgedList } from "@notejam/core/trash/purged-log";
import type { Context } from "aws-lambda";
import * as z from "zod/mini";
import { logInvocation } from "./invocation.ts";

/** Accounts whose sessions one statement ends. */
const STEP_ROWS = 1000;

const Event = z.strictObject({
  /** What users deleted for ever after the backup. `npm run notes -- purged` finds it in the log. */
  purged: z.optional(PurgedList),
  /** Whether everybody must sign in again. */
  endSessions: z.optional(z.boolean()),
});

/**
 * @returns how many notes and pads it deleted for ever, and the sessions of how many accounts it ended
 * @throws Error saying what the event must be, if this one is not; Error if the database fails
 */
export async function handler(
  given: unknown,
  lambda: Pick<Context, "awsRequestId">,
): Promise<{ notes: number; pads: number; accounts: number }> {
  const event = Event.safeParse(given);
  if (!event.success || Object.keys(event.data).length === 0) {
    throw new Error(
      'The event of recover is {"endSessions": true}, or what `npm run notes -- purged <file>` prints.',
    );
  }
  const { purged = [], endSessions = false } = event.data;
  return await logInvocation("recover", lambda, async () => ({
    ...(await applyPurged(purged.map((one) => ({ ...one, at: new Date(one.at) })))),
    accounts: endSessions ? await endAll(STEP_ROWS) : 0,
  }));
}
