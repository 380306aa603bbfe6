// The part of a stage that watches it, in a stack of its own: as it will be when everything that can be watched is there.
import { FUNCTION_NAMES, type FunctionName } from "@notejam/functions/functions";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Code, Function as Lambda, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Watched } from "../app/watching/watched.ts";
import { watching } from "../app/watching/watching.ts";
import { stageOf } from "../stage/stage.ts";

/** As in AWS's own examples. */
const ACCOUNT = "111122223333";

/** The template of what watches a stage. @param given instead of what is watched otherwise */
export function watchedTemplate(
  stage = "production",
  { region = "eu-west-1", ...given }: Partial<Watched> & { region?: string } = {},
): Template {
  const stack = new Stack(new App(), "Watching", { env: { account: ACCOUNT, region } });
  const lambda = (name: FunctionName) =>
    new Lambda(stack, name, {
      code: Code.fromInline("exports.handler = () => {};"),
      handler: "index.handler",
      runtime: Runtime.NODEJS_22_X,
      logGroup: new LogGroup(stack, `${name}Log`),
    });
  watching(stack, stageOf(stage), {
    api: HttpApi.fromHttpApiAttributes(stack, "Api", { httpApiId: "a1b2c3d4e5" }),
    functions: Object.fromEntries(FUNCTION_NAMES.map((name) => [name, lambda(name)])) as Watched["functions"],
    clusterIdentifier: "cluster",
    deadLetters: new Queue(stack, "DeadLetters"),
    dailyVault: "notejam-daily",
    watchesMail: true,
    email: "ops@example.com",
    ...given,
  });
  return Template.fromStack(stack);
}
