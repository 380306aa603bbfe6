// What is deployed of a stage, asked of CloudFormation before a template is written: what is there decides what may be deployed.
import {
  CloudFormationClient,
  type CloudFormationServiceException,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { useAWSCredentialsProvider } from "sst/credentials.js";

export interface DeployedStack {
  /** A first deployment that failed leaves a stack without resources, which the next one deletes. */
  isEmpty: boolean;
  output(key: string): string | undefined;
}

/** @returns undefined if there is no stack of that name */
export async function deployedStack(name: string, region: string): Promise<DeployedStack | undefined> {
  const client = new CloudFormationClient({ region, credentials: useAWSCredentialsProvider() });
  const stack = await client.send(new DescribeStacksCommand({ StackName: name })).then(
    ({ Stacks }) => Stacks?.[0],
    (error: CloudFormationServiceException) => {
      if (error.name === "ValidationError" && error.message.includes("not exist")) return undefined;
      throw error;
    },
  );
  return (
    stack && {
      isEmpty: /^(REVIEW_|CREATE_FAILED|ROLLBACK_)/.test(stack.StackStatus ?? ""),
      output: (key) => stack.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue,
    }
  );
}
