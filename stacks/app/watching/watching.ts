// Watches a stage: its alarms, its dashboard, and its audit trail.
import type { Stack } from "aws-cdk-lib";
import type { Stage } from "../../stage/stage.ts";
import { alarms } from "./alarms.ts";
import { auditTrail } from "./audit.ts";
import { dashboard } from "./dashboard.ts";
import { notices } from "./notices.ts";
import type { Watched } from "./watched.ts";

/** Watches a fixed stage. The others are used by their owners, who see for themselves whether they work. */
export function watching(stack: Stack, stage: Stage, watched: Watched): void {
  if (!stage.fixed) return;
  const notify = notices(stack, stage, watched.email);
  const trail = auditTrail(stack, stage, watched.functions);
  const all = alarms(stack, stage, watched, trail?.streamName, notify);
  dashboard(stack, stage, watched, all);
}
