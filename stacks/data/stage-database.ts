// The database of a small stage: on dev's cluster, made and dropped by dev's provider together with its roles and its secret.
import { CustomResource, Duration, SecretValue } from "aws-cdk-lib";
import type { Stack } from "sst/constructs";
import { providerArn, published } from "../constructs/dev-parameters.ts";
import type { Database } from "./database.ts";

/** Longer than the provider may take. CloudFormation alone would wait for an hour. */
const ANSWER_WITHIN = Duration.minutes(20);

/** @param again another value has the provider make what is missing of it */
export function stageDatabase(stack: Stack, again: string | undefined): Database {
  const clusterArn = published(stack, "clusterArn");
  // CloudFormation asks the provider again when this changes: also for a cluster that took the place of another.
  const made = [clusterArn, again].filter((part) => part !== undefined).join(" ");
  // The provider reads the stage's name from the stack's own id. No property could name another stage.
  const resource = new CustomResource(stack, "StageDatabase", {
    serviceToken: providerArn(stack),
    resourceType: "Custom::StageDatabase",
    serviceTimeout: ANSWER_WITHIN,
    properties: { Again: made },
  });
  const secretArn = resource.getAttString("SecretArn");
  return {
    clusterArn,
    name: resource.getAttString("DatabaseName"),
    // Migrations work as the same role, and in each transaction as the owner.
    secretArns: { owner: secretArn, application: secretArn },
    ownerRole: resource.getAttString("OwnerRole"),
    originSecret: SecretValue.secretsManager(secretArn, { jsonField: "originSecret" }).unsafeUnwrap(),
    version: `${secretArn} ${made}`,
  };
}
