// In dev: the provider of the small stages' databases. It is in `app`, because it holds nothing and has code, which each
// deployment replaces; what it needs of `data` is the cluster. CloudFormation calls the CDK's function, which calls ours and sends
// CloudFormation the answer.
import { Provider } from "aws-cdk-lib/custom-resources";
import type { Function as Lambda, Stack } from "sst/constructs";
import { PROVIDER_NAME, PROVIDER_OUTPUT, publish } from "../constructs/dev-parameters.ts";
import { logGroup } from "../constructs/log-groups.ts";
import type { Stage } from "../stage/stage.ts";

interface Needs {
  handler: Lambda;
  clusterArn: string;
}

export function stageDatabaseProvider(stack: Stack, stage: Stage, { handler, clusterArn }: Needs): void {
  new Provider(stack, "StageDatabaseProvider", {
    onEventHandler: handler,
    providerFunctionName: PROVIDER_NAME,
    logGroup: logGroup(stack, stage, "StageDatabaseProvider"),
  });
  // Stages learn of a new cluster only when the provider works on it.
  publish(stack, "clusterArn", clusterArn, [handler]);
  stack.addOutputs({ [PROVIDER_OUTPUT]: PROVIDER_NAME });
}
