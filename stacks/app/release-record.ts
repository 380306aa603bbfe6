// Records each deployment of a fixed stage, so that a rollback finds the one before it. The commit is in these parameters alone:
// in a function's environment or code, it would make each deployment a release of new code.
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Stack } from "sst/constructs";
import { NO_COMMIT, releaseParameters } from "../rollback/release-parameters.ts";
import type { Stage } from "../stage/stage.ts";

/**
 * To be called when everything else is in the stack. The release is recorded when all of that is deployed, so a deployment that
 * fails leaves no trace there. Its migrations stay, so they are recorded as soon as they have run.
 * @param commit undefined: the template is not for a deployment
 */
export function releaseRecord(stack: Stack, stage: Stage, commit: string = NO_COMMIT): void {
  const names = releaseParameters(stage.name);
  const migrations = stack.node.findChild("Migrations");
  new StringParameter(stack, "Migrated", {
    parameterName: names.migrated,
    description: "The commit whose migrations have run",
    stringValue: commit,
  }).node.addDependency(migrations);

  const everything = stack.node.children;
  new StringParameter(stack, "Released", {
    parameterName: names.released,
    description: "The commit whose deployment is complete. npm run rollback reads its history.",
    stringValue: commit,
  }).node.addDependency(...everything);
}
