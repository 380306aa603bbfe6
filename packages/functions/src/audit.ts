// The audit trail: who did what to which thing, as a member of the log line. Lines that have it are kept for three years where nobody
// can change them (stacks/app/watching/audit.ts). Ids stand in this member alone, and no content does.
import type { Calls, Thing } from "@notejam/core/db/calls";

export interface Audit {
  /** The route, or the name of the invocation. */
  what: string;
  /** The user's id; null if nobody had signed in. */
  who: string | null;
  things?: Thing[];
}

/** What an invocation did, as its statements found it. */
export function auditOf(what: string, { user, things }: Calls): Audit {
  return { what, who: user, ...(things.length > 0 && { things }) };
}
