// What is deployed of Notejam in an account and region, as CloudFormation has it: the stages, what each was deployed from, and
// whether one is being changed. The stack `app` records the branch and the commit in its outputs.
import { CloudFormationClient, paginateDescribeStacks, type Stack } from "@aws-sdk/client-cloudformation";
import { VisibleError } from "sst/error.js";
import { BRANCH_VARIABLE } from "../stage/settings.ts";
import type { AnyStage } from "../stage/stage.ts";
import { type Access, credentialsOf } from "./identity.ts";
import { isEmpty, outputOf } from "./stack.ts";

/** The outputs of the stack `app` that record it, and the site's address. */
const RECORD = { branch: "Branch", commit: "Commit", site: "SiteOrigin" } as const;

export interface DeployedStage {
  /** Its name. */
  stage: string;
  /** By the names of its stacks. */
  statuses: Record<string, string>;
  /** The branch whose stage it is; undefined: a person's, or a fixed stage. */
  branch?: string | undefined;
  /** The commit that a fixed stage was deployed from. */
  commit?: string | undefined;
  /** `https://…`, if it has a site. */
  site?: string | undefined;
}

/** The outputs that record what a stage is deployed from. */
export function recordOf(stage: Pick<AnyStage, "fixed">, environment: NodeJS.ProcessEnv) {
  const [output, variable] = stage.fixed
    ? [RECORD.commit, "NOTEJAM_RELEASE"]
    : [RECORD.branch, BRANCH_VARIABLE];
  const value = environment[variable];
  return value ? { [output]: value } : {};
}

/** All stages, by name, also those of which only a stack is left. Stacks of other apps don't count. */
export async function deployedStages(access: Access): Promise<Map<string, DeployedStage>> {
  const client = new CloudFormationClient({ region: access.region, credentials: credentialsOf(access) });
  const stages = new Map<string, DeployedStage>();
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const stack of Stacks) {
      const name = stageOfStack(stack);
      if (name === undefined) continue;
      const known = stages.get(name) ?? { stage: name, statuses: {} };
      stages.set(name, {
        stage: name,
        statuses: { ...known.statuses, [stack.StackName ?? ""]: stack.StackStatus ?? "" },
        branch: known.branch ?? outputOf(stack, RECORD.branch),
        commit: known.commit ?? outputOf(stack, RECORD.commit),
        site: known.site ?? outputOf(stack, RECORD.site),
      });
    }
  }
  return stages;
}

/** SST tags each stack with its app and stage, and names it after them. */
function stageOfStack({ StackName = "", Tags = [] }: Stack): string | undefined {
  const [, named] = /^(.+)-notejam-[a-z]+$/.exec(StackName) ?? [];
  const tag = (key: string) => Tags.find((one) => one.Key === key)?.Value;
  return tag("sst:app") === "notejam" && tag("sst:stage") === named ? named : undefined;
}

/** What CloudFormation is doing to it; undefined if nothing. */
export function changing({ statuses }: DeployedStage): string | undefined {
  const [found] = Object.entries(statuses).filter(([, status]) => /^(?!REVIEW_).*_IN_PROGRESS$/.test(status));
  return found && `its stack ${found[0]} is ${found[1]}`;
}

/**
 * Refuses to change a stage that is being changed, because half of it could be left, and to deploy over one that belongs to
 * somebody else.
 * @param mode SST's command; others than deploy, dev and remove change nothing
 * @param branch the one that it would be deployed from, if it is a branch's stage
 * @throws VisibleError saying what to do
 */
export function refuseConflict(
  mode: string | undefined,
  stage: string,
  found: DeployedStage | undefined,
  branch: string | undefined,
): void {
  if (!found) return;
  const busy = changing(found);
  if (busy)
    throw new VisibleError(`The stage ${stage} is being changed: ${busy}. Repeat this when that has ended.`);
  if (mode === "remove" || found.branch === branch || !isMade(found)) return;
  throw new VisibleError(
    found.branch === undefined
      ? `The stage ${stage} is a person's, not the branch "${branch}"'s. Name another stage with --stage.`
      : `The stage ${stage} is the branch "${found.branch}"'s. ${branch ? `Name another stage for "${branch}" with --stage.` : `npm run deploy -- --stage ${stage} --branch ${found.branch} deploys it.`}`,
  );
}

/** A first deployment that failed leaves a stack that records nothing; the next one deletes it. */
function isMade({ stage, statuses }: DeployedStage): boolean {
  const status = statuses[`${stage}-notejam-app`];
  return status !== undefined && !isEmpty(status);
}

/** Asks CloudFormation, and refuses what `refuseConflict` does. A fixed stage has no branch. */
export async function expectNoConflict(
  mode: string | undefined,
  stage: AnyStage,
  access: Access,
): Promise<void> {
  if (mode !== "deploy" && mode !== "dev" && mode !== "remove") return;
  const stages = await deployedStages(access).catch((error: Error) => {
    throw new VisibleError(`CloudFormation does not say what is deployed: ${error.message}`);
  });
  const found = stages.get(stage.name);
  refuseConflict(mode, stage.name, found, process.env[BRANCH_VARIABLE]);
}
