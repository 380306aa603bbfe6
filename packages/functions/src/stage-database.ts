// The provider of databases on the cluster of `dev`. CloudFormation invokes it when the stage of a person or a pull request is
// made, changed or removed. It takes the stage's name from the id of the stack, which CloudFormation sets. It reads none of the
// resource's properties: the stage itself sets those, and could ask for the database of another stage.
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
import {
  makeStageDatabase,
  removeStageDatabase,
  stageNamesOf,
} from "@notejam/core/administration/stage-database";
import type { Context } from "aws-lambda";
import * as z from "zod/mini";
import { logInvocation, Refusal } from "./invocation.ts";
import { deleteStageSecret, type StageSecret, stageSecret } from "./stage-secret.ts";
import { isAlive, refuseIfAlive, stageOfStack } from "./stage-stack.ts";

const Event = z.object({
  RequestType: z.enum(["Create", "Update", "Delete"]),
  StackId: z.string(),
  PhysicalResourceId: z.optional(z.string()),
});
type Event = z.infer<typeof Event>;

interface Answer extends Record<string, unknown> {
  /** The database's name. CloudFormation passes it on when it removes the resource. */
  PhysicalResourceId: string;
  Data?: { DatabaseName: string; OwnerRole: string; SecretArn: string };
}

/**
 * Makes or completes the database, the roles and the secret of the stack's stage, or removes them. It is safe to repeat.
 * @throws Refusal saying why, if the event is not from a stack that may have a database; then nothing was changed. Error if the
 * database or AWS fails; a repetition then completes the work
 */
export async function handler(
  given: unknown,
  lambda: Pick<Context, "awsRequestId" | "invokedFunctionArn">,
): Promise<Answer> {
  const { success, data: event } = Event.safeParse(given);
  if (!success) {
    throw new Refusal("Only CloudFormation invokes this function, with the event of a custom resource.");
  }
  const stage = stageOfStack(event.StackId, lambda.invokedFunctionArn);
  const request = () => ({ stage, request: event.RequestType });
  return logInvocation(
    "stage database",
    lambda,
    () => (event.RequestType === "Delete" ? remove(stage, event) : make(stage, event.StackId)),
    request,
  );
}

async function make(stage: string, stackId: string): Promise<Answer> {
  const { database, application, owner } = stageNamesOf(stage);
  const refuseIfGone = async () => {
    if (await isAlive(stackId)) return;
    throw new Refusal(`The stack ${stackId} is being removed, or was: it gets no database.`);
  };
  await refuseIfGone();
  let secret: StageSecret | undefined;
  await makeStageDatabase(stage, { stackId, refuseIfGone, refuseIfAlive }, async () => {
    secret = await stageSecret(stage, application);
    return secret.password;
  });
  return {
    PhysicalResourceId: database,
    Data: { DatabaseName: database, OwnerRole: owner, SecretArn: secret?.arn ?? "" },
  };
}

/**
 * Removes what the stack has, and nothing that a later stack of the same name has. If a creation takes too long, or another
 * resource fails beside it, CloudFormation gives it up and removes it by an id of its own. A stack that still exists keeps its
 * data: there only the resource's id in the template has changed, and the resource exists under its new id already.
 */
async function remove(stage: string, { StackId, PhysicalResourceId = "" }: Event): Promise<Answer> {
  if (!(await isAlive(StackId))) {
    const isOfStage = PhysicalResourceId === stageNamesOf(stage).database;
    await removeStageDatabase(stage, StackId, isOfStage ? "any" : "recorded", () => deleteStageSecret(stage));
  }
  return { PhysicalResourceId };
}
