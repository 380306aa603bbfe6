// The audit trail: a member of the log line that says who did what to which thing. Lines with this member are kept for three years
// where nobody can change them (stacks/app/watching/audit.ts). It is the only member that has ids, and it has no content.
import type { Calls, Thing } from "@notejam/core/db/calls";

export interface Audit {
  /** The route, or the name of the invocation. */
  what: string;
  /** The user's id; null if nobody was signed in. */
  who: string | null;
  things?: Thing[];
}

/** What a request or an invocation did, as its statements recorded it. */
export function auditOf(what: string, { user, things }: Calls): Audit {
  return { what, who: user, ...(things.length > 0 && { things }) };
}
