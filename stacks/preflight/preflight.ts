// What `npm run preflight` asks about a stage, in the order in which it prints it: what a deployment would run into, and what
// nothing else says before or in its course.
import type { Stage } from "../stage/stage.ts";
import { type Check, type Outcome, perform } from "./check.ts";
import { auroraCheck, concurrencyCheck, mailSendingCheck, senderCheck } from "./services.ts";
import { bootstrapCheck, stackCheck } from "./stacks.ts";

interface Target {
  account: string;
  region: string;
  /** The address that the stage's mails come from, if it sends any. */
  sender: string | undefined;
  /** The version of its database. */
  engineVersion: string;
}

/**
 * Asks everything, and tells each outcome as soon as those before it are told.
 * @returns the outcomes
 */
export async function preflight(
  stage: Stage,
  { account, region, sender, engineVersion }: Target,
  tell: (check: Check, outcome: Outcome) => void,
): Promise<Outcome[]> {
  const stacks = stage.cluster ? ["data", ...(stage.backups ? ["recovery"] : []), "app"] : ["app"];
  const checks = [
    bootstrapCheck(account, region),
    ...stacks.map((id) => stackCheck(`${stage.name}-notejam-${id}`, region)),
    ...(stage.cluster ? [auroraCheck(engineVersion, region)] : []),
    concurrencyCheck(region),
    ...(sender ? [mailSendingCheck(stage.fixed, region), senderCheck(sender, region)] : []),
  ];
  const asked = checks.map((check) => perform(check));
  const outcomes: Outcome[] = [];
  for (const [i, check] of checks.entries()) {
    const outcome = await (asked[i] as Promise<Outcome>);
    tell(check, outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}
