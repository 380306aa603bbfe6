// The job that logs what was deleted for ever. The requests log it too, but a process that dies after its statement does not.
import type { Thing } from "@notejam/core/db/calls";
import { keepLogged, type Unlogged, unlogged } from "@notejam/core/trash/unlogged";
import type { Audit } from "../audit.ts";
import { writeLine } from "../log.ts";
import { inSteps, scheduledJob } from "./job.ts";

const NAME = "logPurged";

export const handler = scheduledJob(NAME, async () => ({
  logged: await inSteps(async (rows) => {
    const some = await unlogged(rows);
    // A line for each user. One with all things of a step has less than the 256 KB that CloudWatch takes.
    for (const [user, things] of Map.groupBy(some, ({ user }) => user)) {
      const audit: Audit = { what: NAME, who: user, things: things.map(described) };
      writeLine({ level: "info", message: NAME, audit });
    }
    if (some.length > 0) await keepLogged(some);
    return some.length;
  }),
}));

/** As purged-log.ts reads it. */
function described({ kind, id, at }: Unlogged): Thing {
  return { thing: `${kind} ${id}`, purged: true, at: at.toISOString() };
}
