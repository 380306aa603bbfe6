// What a rollback asks AWS: whose account it is, whether the stage can be deployed now, and what SSM has kept of its record.
import { ParameterNotFound, paginateGetParameterHistory, SSMClient } from "@aws-sdk/client-ssm";
import { VisibleError } from "sst/error.js";
import { ASKING, orStop } from "../account/ask.ts";
import { identityOf } from "../account/identity.ts";
import { refuseAccount } from "../account/production-account.ts";
import { stackOf } from "../account/stack.ts";
import type { Stage } from "../stage/stage.ts";
import type { Recorded } from "./line.ts";
import type { Releases } from "./plan.ts";
import { releaseParameters } from "./release-parameters.ts";

export interface ReleaseHistory extends Releases {
  account: string;
  /** The address of the site. */
  site: string | undefined;
  /** The last deployment failed, and CloudFormation has undone it. */
  isUndone: boolean;
}

/** @throws VisibleError if it can't be asked, is the wrong account, or has no such stage that could be deployed now */
export async function askAws(
  stage: Stage,
  region: string,
  productionAccount: string | undefined,
): Promise<ReleaseHistory> {
  const { account } = await identityOf({ region });
  refuseAccount(stage, productionAccount, account);
  const { site, isUndone } = await serviceOf(stage, region);
  const client = new SSMClient({ ...ASKING, region });
  const names = releaseParameters(stage.name);
  const [released, migrated] = await orStop(
    Promise.all([historyOf(client, names.released), historyOf(client, names.migrated)]),
  );
  return { account, site, isUndone, released, migrated };
}

async function serviceOf(stage: Stage, region: string): Promise<Pick<ReleaseHistory, "site" | "isUndone">> {
  const name = `${stage.name}-notejam-app`;
  const stack = await orStop(stackOf(name, { region }));
  if (!stack) {
    throw new VisibleError(
      `${stage.name} is not deployed in ${region}: CloudFormation has no stack ${name} there.`,
    );
  }
  const { status } = stack;
  if (status.endsWith("_IN_PROGRESS")) {
    throw new VisibleError(
      `The stack ${name} is being changed (${status}). Wait until that has ended, or take it back: aws cloudformation cancel-update-stack --stack-name ${name} --region ${region}`,
    );
  }
  if (!stack.isReady) {
    throw new VisibleError(
      `The stack ${name} is ${status}, which no deployment can change. npm run preflight -- --stage ${stage.name} says what mends it.`,
    );
  }
  return { site: stack.output("SiteOrigin"), isUndone: status === "UPDATE_ROLLBACK_COMPLETE" };
}

/** All values that SSM has kept of a parameter. None if there is no such parameter. */
async function historyOf(client: SSMClient, Name: string): Promise<Recorded[]> {
  const values: (Recorded & { version: number })[] = [];
  try {
    for await (const { Parameters = [] } of paginateGetParameterHistory({ client }, { Name })) {
      for (const { Value = "", Version = 0, LastModifiedDate = new Date(0) } of Parameters) {
        values.push({ commit: Value, at: LastModifiedDate, version: Version });
      }
    }
  } catch (error) {
    if (error instanceof ParameterNotFound) return [];
    throw error;
  }
  return values.sort((a, b) => a.version - b.version);
}
