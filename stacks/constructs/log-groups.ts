// Log groups: where a function writes its lines, for as long as the stage keeps them. A function without one gets a group from
// Lambda that nobody removes and that keeps everything.
import { Stack as CdkStack, CfnResource } from "aws-cdk-lib";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { App, Stack } from "sst/constructs";
import type { Sizes } from "../stage/sizes.ts";
import { retainedOn } from "./removal-policy.ts";

/**
 * @param of what writes into it: the group's id is this and `Log`
 * @param logGroupName AWS chooses one by default
 */
export function logGroup(stack: Stack, stage: Sizes, of: string, logGroupName?: string): LogGroup {
  const named = logGroupName === undefined ? {} : { logGroupName };
  return new LogGroup(stack, `${of}Log`, {
    ...named,
    retention: stage.logDays,
    removalPolicy: retainedOn(stage),
  });
}

/**
 * Gives a group to each function that has none: those of SST and the CDK for their custom resources. One group serves those of
 * a stack. To be called when everything else has been composed.
 */
export function logOtherFunctions(app: App, stage: Sizes): void {
  for (const node of app.node.findAll()) {
    if (!(node instanceof CfnResource) || node.cfnResourceType !== "AWS::Lambda::Function") continue;
    if (node instanceof CfnFunction && node.loggingConfig) continue;
    const stack = CdkStack.of(node) as Stack;
    const shared = (stack.node.tryFindChild("DeploymentLog") ??
      logGroup(stack, stage, "Deployment")) as LogGroup;
    node.addPropertyOverride("LoggingConfig.LogGroup", shared.logGroupName);
  }
}
