// In dev: the provider of the small stages' databases. It is in `app`, because it holds nothing and has code, which each
// deployment replaces; what it needs of `data` is the cluster. CloudFormation calls the CDK's function, which calls ours and sends
// CloudFormation the answer.
import { Provider } from "aws-cdk-lib/custom-resources";
import type { Function as Lambda, Stack } from "sst/constructs";
import { logGroup } from "../logs.ts";
import { PROVIDER_NAME, PROVIDER_OUTPUT, share } from "../shared.ts";
import type { Stage } from "../stage.ts";

interface Needs {
  handler: Lambda;
  clusterArn: string;
}

export function stageDatabases(stack: Stack, stage: Stage, { handler, clusterArn }: Needs): void {
  new Provider(stack, "StageDatabaseProvider", {
    onEventHandler: handler,
    providerFunctionName: PROVIDER_NAME,
    logGroup: logGroup(stack, stage, "StageDatabaseProvider"),
  });
  // Of another cluster the stages hear when the provider works on it.
  share(stack, "clusterArn", clusterArn, [handler]);
  stack.addOutputs({ [PROVIDER_OUTPUT]: PROVIDER_NAME });
}
