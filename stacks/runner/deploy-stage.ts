// A deployment from a pipeline or a laptop, as `npm run deploy` and `npm run preview` make it.
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudFormationClient,
  DeleteStackCommand,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { VisibleError } from "sst/error.js";
import { credentialsOf } from "../account/identity.ts";
import { type DeployedStage, deployedStages, refuseConflict } from "../account/stages.ts";
import { refuseEarlyContractions } from "../rollback/contractions.ts";
import { repositoryAt } from "../rollback/repository.ts";
import { BRANCH_VARIABLE } from "../stage/settings.ts";
import type { Stage } from "../stage/stage.ts";
import { print } from "./command.ts";
import { sst } from "./sst.ts";

/** A distribution takes minutes. */
const REMOVAL_SECONDS = 30 * 60;

const ROOT = join(import.meta.dirname, "../..");

/**
 * Deploys a stage.
 * @param branch the one whose stage it is; undefined: a fixed stage, a person's, a pull request's
 * @param stages what is deployed
 * @returns the site's address, if the stage has a site
 * @throws VisibleError if it is being changed, has a newer commit, is another branch's, still needs what a migration takes away, or can't be deployed
 */
export async function deployStage(
  stage: Stage,
  region: string,
  branch: string | undefined,
  stages: ReadonlyMap<string, DeployedStage>,
): Promise<string | undefined> {
  const found = stages.get(stage.name);
  refuseConflict("deploy", stage.name, found, branch);
  const commit = git("rev-parse", "HEAD");
  if (stage.fixed && commit && found?.commit && isOlder(commit, found.commit)) {
    // What follows would test that commit, and hand this one on.
    throw new VisibleError(
      `${stage.name} has ${found.commit} already, which contains ${commit}. Nothing is deployed, and that commit's own run goes on.`,
    );
  }
  if (stage.fixed && commit && found?.commit) {
    await refuseEarlyContractions(await repositoryAt(ROOT), stage.name, found.commit, commit);
  }
  await removeFailedCreation(found, region);
  await sst("deploy", stage.name, region, { [BRANCH_VARIABLE]: branch });
  return told((await deployedStages({ region })).get(stage.name)?.site);
}

/**
 * Removes the stack of a first deployment that failed. SST would remove it and then update it, which CloudFormation refuses: so the
 * deployment that mends the fault would fail as well.
 */
async function removeFailedCreation(found: DeployedStage | undefined, region: string): Promise<void> {
  const failed = Object.entries(found?.statuses ?? {}).filter(([, status]) =>
    /^ROLLBACK_(COMPLETE|FAILED)$/.test(status),
  );
  const client = new CloudFormationClient({ region, credentials: credentialsOf({ region }) });
  for (const [StackName] of failed) {
    print(`The first deployment of ${StackName} failed. What it left is removed.`);
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete({ client, maxWaitTime: REMOVAL_SECONDS }, { StackName });
  }
}

/** Prints the address, and hands it to the steps of a workflow that follow. */
function told(site: string | undefined): string | undefined {
  if (site === undefined) return undefined;
  print(`The site is ${site}`);
  const { GITHUB_OUTPUT } = process.env;
  if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `site=${site}\n`);
  return site;
}

/** Whether a commit is before another in its history. It is not, as far as is known, if this checkout does not have the other. */
function isOlder(commit: string, than: string): boolean {
  return commit !== than && git("merge-base", "--is-ancestor", commit, than) !== undefined;
}

/** What git prints; undefined if it fails, as in a folder that is no checkout. */
function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
