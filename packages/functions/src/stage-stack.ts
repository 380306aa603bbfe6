// The stack that an event of CloudFormation names: which stage it belongs to, and whether it still exists.
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { isSharedStage } from "@notejam/core/stage-name";
import { Refusal } from "./invocation.ts";

/** The end of the stack's name: SST appends the app's name and the stack's id to the stage's name. */
const STACK = "notejam-app";

const STACK_ID =
  /^arn:(?<partition>[a-z-]+):cloudformation:(?<region>[a-z0-9-]+):(?<account>\d{12}):stack\/(?<stage>[a-z0-9-]+)-notejam-app\/[0-9a-f-]{36}$/;
const FUNCTION_ARN = /^arn:(?<partition>[^:]+):lambda:(?<region>[^:]+):(?<account>\d{12}):function:/;

/**
 * The stage that a stack belongs to. CloudFormation sets the stack's id, so a stage can't choose it.
 * @param functionArn of this function, whose partition, region and account must be those of the stack
 * @throws Refusal if it is not the service's stack of a person's stage or a pull request's
 */
export function stageOfStack(stackId: string, functionArn: string): string {
  const stack = STACK_ID.exec(stackId)?.groups;
  const here = FUNCTION_ARN.exec(functionArn)?.groups;
  const isHere =
    stack?.partition === here?.partition &&
    stack?.region === here?.region &&
    stack?.account === here?.account;
  if (stack?.stage && here && isHere && isSharedStage(stack.stage)) return stack.stage;
  throw new Refusal(
    `Only the stack <stage>-${STACK} of a person or a pull request, in this account and region, has a database here, not ${JSON.stringify(stackId)}.`,
  );
}

/**
 * Whether a stack has resources and will keep them. Rolling back a creation removes everything, like a deletion.
 * @throws the SDK's error
 */
export async function isAlive(stackId: string): Promise<boolean> {
  const status = await statusOf(stackId);
  return status !== undefined && !/^(?:DELETE|ROLLBACK)_/.test(status);
}

/**
 * Refuses if the stack that has the stage's database still exists.
 * @throws Refusal
 */
export async function refuseIfAlive(stackId: string): Promise<void> {
  const status = await statusOf(stackId);
  if (status === undefined || status === "DELETE_COMPLETE") return;
  throw new Refusal(
    `The database belongs to the stack ${stackId}, which still exists (${status}). Remove that stack first.`,
  );
}

/** @returns undefined if CloudFormation does not know it: it was deleted more than 90 days ago */
async function statusOf(stackId: string): Promise<string | undefined> {
  try {
    const client = new CloudFormationClient({});
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "ValidationError" && message.includes("does not exist")) return undefined;
    throw error;
  }
}
