// What `dev` has for the small stages of its account and region: the provider of their databases, its cluster, and the parts of a
// distribution. They find it by names that are final, because a stage must still be removable after dev was deployed anew.
import { ArnFormat } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { IDependable } from "constructs";
import type { Stack } from "sst/constructs";

/** The function that CloudFormation calls for a stage's database. */
export const PROVIDER_NAME = "notejam-stage-database";

/** Dev's output by which a deployment of another stage sees that the provider is there. */
export const PROVIDER_OUTPUT = "StageDatabaseProvider";

/** Parameters of SSM. */
const PARAMETERS = {
  clusterArn: "/notejam/dev/cluster-arn",
  webAccessId: "/notejam/dev/web-access-id",
  viewerRequestArn: "/notejam/dev/viewer-request-arn",
  headersPolicyId: "/notejam/dev/headers-policy-id",
} as const;

type Published = keyof typeof PARAMETERS;

/**
 * In dev: publishes a value for the other stages.
 * @param ready what must be deployed before other stages may read it
 */
export function publish(
  stack: Stack,
  name: Published,
  value: string,
  ready: readonly IDependable[] = [],
): void {
  const parameter = new StringParameter(stack, `Shared${name[0]?.toUpperCase()}${name.slice(1)}`, {
    parameterName: PARAMETERS[name],
    stringValue: value,
    description: "For the stages of persons and pull requests",
  });
  parameter.node.addDependency(...ready);
}

/** In another stage: what dev has published, as CloudFormation reads it at each deployment. */
export function published(stack: Stack, name: Published): string {
  return StringParameter.valueForStringParameter(stack, PARAMETERS[name]);
}

/** In another stage: the provider's ARN. It is built from the name alone, so a stage can be removed whatever became of dev's stacks. */
export function providerArn(stack: Stack): string {
  return stack.formatArn({
    service: "lambda",
    resource: "function",
    resourceName: PROVIDER_NAME,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
