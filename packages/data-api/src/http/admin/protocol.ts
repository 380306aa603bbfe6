// What the admin endpoint and its client send each other. AWS has no such operation, so faults do not strike it, and it is
// not counted among the calls.
import type { Fault } from "../../faults/fault.ts";
import type { Resuming } from "../../faults/faults.ts";
import type { Latency } from "../../faults/latency.ts";
import type { Call, CallCounts } from "../calls.ts";

export const ADMIN = "/admin/";
export const FAULTS = "/admin/faults";
export const CALLS = "/admin/calls";

/** What can be changed, by the method of `Faults` that does it. */
export interface Changes {
  plan: Fault;
  resuming: Resuming;
  failover: { ms: number };
  /** null: no latency. */
  latency: Latency | null;
  seed: number;
}

/** The body of `POST /admin/faults`: one change. The answer is what is in force then, as that of `GET`. */
export type FaultsChange = { [Name in keyof Changes]: Pick<Changes, Name> }[keyof Changes];

/** `DELETE /admin/faults`. */
export interface FaultsCleared {
  /** As `Faults.clear` answers. */
  waiting: number;
}

/** `GET /admin/calls`. */
export interface CallsAnswer {
  counts: CallCounts;
  /** The last ones, the oldest first. */
  calls: Call[];
}
