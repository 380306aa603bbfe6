// The functions of the registry (packages/functions/src/functions.ts) as Lambda functions: each with its code, its machine,
// its log group, what it is told and what it may do, and its schedule if it has one.
import { ENV } from "@notejam/core/config";
import { BUNDLE } from "@notejam/functions/bundle";
import {
  configuredBy,
  type EnvironmentValues,
  environmentOf,
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionEntry,
  type FunctionName,
  invokedBy,
} from "@notejam/functions/functions";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { type FunctionProps, Function as Lambda, type Stack } from "sst/constructs";
import type { Database } from "../data/database.ts";
import type { Stage } from "../stage.ts";
import { maySendFrom, senderOf } from "./email.ts";

/** The options of SST's own, older esbuild. It knows every option that we use. */
type SstBuildOptions = NonNullable<FunctionProps["nodejs"]>["esbuild"];

/** What every function has. */
export const FUNCTION_DEFAULTS: FunctionProps = {
  runtime: "nodejs24.x",
  architecture: "arm_64",
  // An HTTP API can't be traced; the request id ties the log lines together.
  tracing: "disabled",
  // Source maps would bring the name of SST's bucket into the template, and cost 14 ms of each cold start.
  nodejs: { sourcemap: false, splitting: BUNDLE.splitting, esbuild: BUNDLE as SstBuildOptions },
};

export type Functions = Readonly<Record<FunctionName, Lambda>>;

/** @param originSecret what a request must carry to be answered */
export function functions(
  stack: Stack,
  stage: Stage,
  { database, originSecret }: { database: Database; originSecret: string | undefined },
): Functions {
  const sender = senderOf(stage, process.env[ENV.mailFrom]);
  const values: EnvironmentValues = {
    ...configuredBy(process.env),
    stage: stage.name,
    databaseArn: database.clusterArn,
    databaseSecretArn: database.secretArn,
    databaseName: database.name,
    mailFrom: sender?.from,
    originSecret,
  };
  const created: Partial<Record<FunctionName, Lambda>> = {};

  function create(name: FunctionName): Lambda {
    const entry = FUNCTIONS[name];
    const invoked = invokedBy(entry).map(({ invoke, nameIn }) => ({ nameIn, lambda: get(invoke) }));
    const names = Object.fromEntries(invoked.map(({ nameIn, lambda }) => [nameIn, lambda.functionName]));
    const lambda = new Lambda(stack, entry.id, {
      handler: `packages/functions/src/${entry.entry}.handler`,
      memorySize: entry.memoryMegabytes,
      timeout: `${entry.timeoutSeconds} seconds`,
      environment: environmentOf(entry, { ...values, ...names }),
      permissions: [
        ...databasePermissions(entry, database),
        ...(entry.permissions.includes("mail") && sender ? [maySendFrom(sender.address, stack)] : []),
      ],
      // Under `sst dev` too, only deployed code may change a database's tables.
      ...(entry.trigger === "deployment" && { enableLiveDev: false }),
      logGroup: logGroup(stack, stage, entry.id),
    });
    for (const { lambda: other } of invoked) other.grantInvoke(lambda);
    if (stage.schedules) schedule(stack, entry, lambda);
    return lambda;
  }

  function get(name: FunctionName): Lambda {
    created[name] ??= create(name);
    return created[name];
  }

  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, get(name)])) as Functions;
}

function databasePermissions({ permissions }: FunctionEntry, { clusterArn, secretArn }: Database) {
  const transactions = ["BeginTransaction", "CommitTransaction", "RollbackTransaction"];
  const operations = ["ExecuteStatement", ...(permissions.includes("transactions") ? transactions : [])];
  return [
    new PolicyStatement({ actions: operations.map((one) => `rds-data:${one}`), resources: [clusterArn] }),
    new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }),
  ];
}

/** Has EventBridge invoke the function by the clock, if its entry says so. */
function schedule(stack: Stack, { id, trigger }: FunctionEntry, lambda: Lambda): void {
  if (typeof trigger !== "object") return;
  new Rule(stack, `${id}Schedule`, {
    schedule: Schedule.rate(Duration.hours(trigger.everyHours)),
    targets: [new LambdaFunction(lambda)],
  });
}

/** Where a function writes its log lines, for as long as the stage keeps them. */
export function logGroup(stack: Stack, stage: Stage, functionId: string): LogGroup {
  return new LogGroup(stack, `${functionId}Log`, {
    retention: stage.logDays,
    removalPolicy: stage.fixed ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
