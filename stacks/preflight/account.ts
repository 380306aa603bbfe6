// Who asks, and whether the account and the region are prepared: the region's opt-in, the CDK's bootstrap, the stage's stacks.
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { VisibleError } from "sst/error.js";
import { PROVIDER_OUTPUT } from "../constructs/dev-parameters.ts";
import { ASKING, homeOf } from "./aws.ts";
import { type Check, orStop } from "./check.ts";
import { countsOf, STACK } from "./needs.ts";

/** SST 2.49.8 makes the bootstrap anew below this version. */
const BOOTSTRAP_VERSION_MIN = 14;

/** @throws VisibleError if AWS does not say who asks */
export async function identityOf(region: string): Promise<{ account: string; arn: string }> {
  const sts = new STSClient({ ...ASKING, region: homeOf(region) });
  const { Account: account, Arn: arn } = await orStop(sts.send(new GetCallerIdentityCommand({})));
  if (!account || !arn) throw new VisibleError("AWS does not say whose credentials these are.");
  return { account, arn };
}

/** @throws VisibleError if there is no such region, or the account has not enabled it: then nothing in it can be asked */
export async function expectRegion(region: string): Promise<void> {
  const ec2 = new EC2Client({ ...ASKING, region: homeOf(region) });
  // Without a filter: EC2 refuses a filter by an unknown name.
  const asked = ec2.send(new DescribeRegionsCommand({ AllRegions: true })).catch((error) => {
    if ((error as Error).name === "UnauthorizedOperation") return undefined;
    throw error;
  });
  const answer = await orStop(asked);
  if (!answer) return;
  const found = answer.Regions?.find(({ RegionName }) => RegionName === region);
  if (!found) throw new VisibleError(`AWS has no region "${region}".`);
  if (found.OptInStatus === "not-opted-in") {
    throw new VisibleError(
      `The account has not enabled the region ${region}: aws account enable-region --region-name ${region}`,
    );
  }
}

/** What takes a stack out of a state in which nothing can be deployed. Other such states pass, or their events say why not. */
const WAY_OUT: Record<string, string> = {
  ROLLBACK_COMPLETE: "delete-stack",
  ROLLBACK_FAILED: "delete-stack",
  UPDATE_ROLLBACK_FAILED: "continue-update-rollback",
};

/** States in which a stack can be deployed. */
export const STACK_READY: string[] = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"];

/** @returns undefined if there is no stack of that name */
export async function stackOf(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === "ValidationError" && message.includes("does not exist")) return undefined;
    throw error;
  }
}

export function bootstrapCheck(account: string, region: string): Check {
  return {
    name: "CDK bootstrap",
    permissions: "cloudformation:DescribeStacks",
    async ask() {
      const stack = await stackOf(new CloudFormationClient({ ...ASKING, region }), "CDKToolkit");
      const mend = `CDK_DISABLE_CLI_TELEMETRY=true CDK_NOTICES=false npx cdk bootstrap --no-version-reporting aws://${account}/${region}`;
      if (!stack) return { kind: "problem", says: "the stack CDKToolkit is missing", mend };
      if (!STACK_READY.includes(stack.StackStatus ?? "")) {
        return { kind: "problem", says: `the stack CDKToolkit is ${stack.StackStatus}`, mend };
      }
      const version = Number(
        stack.Outputs?.find(({ OutputKey }) => OutputKey === "BootstrapVersion")?.OutputValue,
      );
      if (version >= BOOTSTRAP_VERSION_MIN) return { kind: "fine", says: `version ${version}` };
      return { kind: "problem", says: `version ${version}, older than ${BOOTSTRAP_VERSION_MIN}`, mend };
    },
  };
}

/** Whether CloudFormation can deploy a stack of the stage. */
export function stackCheck(name: string, region: string): Check {
  return {
    name: `stack ${name}`,
    permissions: "cloudformation:DescribeStacks",
    async ask() {
      const stack = await stackOf(new CloudFormationClient({ ...ASKING, region }), name);
      const status: string = stack?.StackStatus ?? "";
      if (!stack) return { kind: "fine", says: "it is not deployed yet" };
      if (STACK_READY.includes(status)) return { kind: "fine", says: status };
      return {
        kind: "problem",
        says: `${status}, which no deployment can change`,
        mend: `aws cloudformation ${WAY_OUT[status] ?? "describe-stack-events"} --stack-name ${name} --region ${region}`,
      };
    },
  };
}

/** Whether dev has what a small stage shares with it. */
export function devCheck(region: string): Check {
  return {
    name: "stage dev",
    permissions: "cloudformation:DescribeStacks",
    async ask() {
      const stack = await stackOf(new CloudFormationClient({ ...ASKING, region }), "dev-notejam-app");
      const shares = stack?.Outputs?.some(({ OutputKey }) => OutputKey === PROVIDER_OUTPUT);
      if (shares) return { kind: "fine", says: "its cluster is shared" };
      return {
        kind: "problem",
        says: stack
          ? "it is older than the cluster that stages share"
          : `it is not deployed in ${region}, and the stage has its database on dev's cluster`,
        mend: `npx sst deploy --stage dev --region ${region}`,
      };
    },
  };
}

/** How many resources of each type the stage's stacks have already. A stack that is not deployed has none. */
export async function deployedResources(
  stacks: readonly string[],
  region: string,
): Promise<Map<string, number>> {
  const client = new CloudFormationClient({ ...ASKING, region });
  const types: string[] = [];
  for (const name of stacks) {
    if (!(await stackOf(client, name))) continue;
    types.push(STACK);
    for await (const page of paginateListStackResources({ client }, { StackName: name })) {
      for (const { ResourceType, ResourceStatus } of page.StackResourceSummaries ?? []) {
        if (ResourceType && ResourceStatus !== "DELETE_COMPLETE") types.push(ResourceType);
      }
    }
  }
  return countsOf(types);
}
