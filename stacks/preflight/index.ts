// What `npm run preflight` asks about a stage, in the order in which it prints it.
import type { Stage } from "../stage/stage.ts";
import { bootstrapCheck, deployedResources, devCheck, stackCheck } from "./account.ts";
import { type Check, type Outcome, perform } from "./check.ts";
import type { Needs } from "./needs.ts";
import { quotaChecks } from "./quotas.ts";
import { auroraCheck, concurrencyCheck, mailSendingCheck, runtimesCheck, senderCheck } from "./services.ts";

export interface Target {
  account: string;
  region: string;
}

/**
 * Asks everything, and tells each outcome as soon as those before it are told.
 * @returns the outcomes
 */
export async function preflight(
  stage: Stage,
  needs: Needs,
  target: Target,
  tell: (check: Check, outcome: Outcome) => void,
): Promise<Outcome[]> {
  const { region, account } = target;
  const deployed = await deployedCheck(needs, region);
  // What deployed functions reserve is no longer among the unreserved.
  const reserve = deployed.resources.has("AWS::Lambda::Function") ? 0 : needs.reservedConcurrency;
  const checks = [
    bootstrapCheck(account, region),
    ...needs.stacks.map((name) => stackCheck(name, region)),
    ...(needs.shared.length > 0 ? [devCheck(region)] : []),
    ...(needs.engine ? [auroraCheck(needs.engine, region)] : []),
    ...(needs.runtimes.length > 0 ? [runtimesCheck(needs.runtimes), concurrencyCheck(reserve, region)] : []),
    ...(needs.sender ? [mailSendingCheck(stage.fixed, region), senderCheck(needs.sender, region)] : []),
    ...(deployed.failed ? [deployed.failed] : []),
    ...quotaChecks(difference(needs.resources, deployed.resources), region),
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

/** What is deployed already needs no more room. If that can't be asked, all of the stage counts as new. */
async function deployedCheck({ stacks }: Needs, region: string) {
  let resources: ReadonlyMap<string, number> = new Map();
  const check: Check = {
    name: "what is deployed",
    permissions: "cloudformation:ListStackResources",
    async ask() {
      resources = await deployedResources(stacks, region);
      return { kind: "fine", says: "" };
    },
  };
  const outcome = await perform(check);
  const failed = outcome.kind === "fine" ? undefined : { ...check, ask: async () => outcome };
  return { resources, failed };
}

function difference(
  wanted: ReadonlyMap<string, number>,
  has: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...wanted].map(([type, count]) => [type, count - (has.get(type) ?? 0)]));
}
