// A stack of CloudFormation, as far as it decides what may be deployed.
import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { useAWSCredentialsProvider } from "sst/credentials.js";
import { ASKING } from "./ask.ts";

export interface DeployedStack {
  status: string;
  /** A first deployment that failed leaves a stack without resources, which the next one deletes. */
  isEmpty: boolean;
  /** Whether CloudFormation can deploy it. */
  isReady: boolean;
  output(key: string): string | undefined;
}

const READY = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"];

/** @returns undefined if there is no stack of that name */
export async function stackOf(
  name: string,
  config: CloudFormationClientConfig,
): Promise<DeployedStack | undefined> {
  const client = new CloudFormationClient({ ...ASKING, ...config });
  const stack = await client.send(new DescribeStacksCommand({ StackName: name })).then(
    ({ Stacks }) => Stacks?.[0],
    (error: Error) => {
      if (error.name === "ValidationError" && error.message.includes("not exist")) return undefined;
      throw error;
    },
  );
  const status: string = stack?.StackStatus ?? "";
  return (
    stack && {
      status,
      isEmpty: isEmpty(status),
      isReady: READY.includes(status),
      output: (key) => outputOf(stack, key),
    }
  );
}

/** Whether a first deployment has failed, or is not done. */
export function isEmpty(status: string): boolean {
  return /^(REVIEW_|CREATE_FAILED|ROLLBACK_)/.test(status);
}

export function outputOf({ Outputs }: Stack, key: string): string | undefined {
  return Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}

/** The same while SST composes the stacks, with the credentials that it uses. */
export function deployedStack(name: string, region: string): Promise<DeployedStack | undefined> {
  return stackOf(name, { region, credentials: useAWSCredentialsProvider() });
}
