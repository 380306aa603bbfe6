// The functions of the registry (packages/functions/src/functions.ts) as Lambda functions: each with its code, its machine,
// its log group, what it is told and what it may do, and its schedule if it has one.
import { BUNDLE } from "@notejam/functions/bundle";
import {
  type EnvironmentValues,
  environmentOf,
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionEntry,
  type FunctionName,
  invokedBy,
} from "@notejam/functions/functions";
import { ArnFormat, Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { type FunctionProps, Function as Lambda, type Stack } from "sst/constructs";
import { logGroup } from "../constructs/log-groups.ts";
import { retainedOn } from "../constructs/removal-policy.ts";
import type { Database } from "../data/database.ts";
import type { Settings } from "../stage/settings.ts";
import type { Stage } from "../stage/stage.ts";
import { maySendFrom } from "./email.ts";

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

/** Those of a stage. The first three are in every stage. */
export type Functions = Readonly<
  Record<"api" | "mail" | "migrate", Lambda> & Partial<Record<FunctionName, Lambda>>
>;

interface Needs {
  settings: Settings;
  database: Database;
  /** What a request must carry to be answered. */
  originSecret: string | undefined;
  /** What signs the cookies of devices. */
  deviceKeys: string;
  /** Where an event goes when its function has failed each time; undefined: it is dropped. */
  deadLetters: IQueue | undefined;
}

export function functions(
  stack: Stack,
  stage: Stage,
  { settings, database, originSecret, deviceKeys, deadLetters }: Needs,
): Functions {
  const sender = settings.mailFrom;
  const values: EnvironmentValues = {
    ...settings.limits,
    stage: stage.name,
    databaseArn: database.clusterArn,
    databaseName: database.name,
    applicationSecretArn: database.ownerRole ? undefined : database.secretArns.application,
    databaseOwnerRole: database.ownerRole,
    mailFrom: sender?.from,
    originSecret,
    deviceKeys,
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
      environment: environmentOf(entry, {
        ...values,
        ...names,
        databaseSecretArn: database.secretArns[entry.database],
      }),
      permissions: [
        ...databasePermissions(entry, database),
        ...(entry.permissions.includes("mail") && sender ? [maySendFrom(sender.address, stack)] : []),
        ...(entry.permissions.includes("stageSecrets") ? [stageSecretsPermission(stack)] : []),
        ...(entry.permissions.includes("stageStacks") ? [stageStacksPermission(stack)] : []),
      ],
      // Under `sst dev` too, only deployed code may change a database's tables.
      ...(entry.trigger === "deployment" && { enableLiveDev: false }),
      logGroup: logGroup(stack, stage, entry.id),
      ...(deadLetters && invokedLater(entry) && { onFailure: new SqsDestination(deadLetters) }),
    });
    for (const { lambda: other } of invoked) other.grantInvoke(lambda);
    if (stage.schedules) schedule(stack, entry, lambda, deadLetters);
    return lambda;
  }

  function get(name: FunctionName): Lambda {
    created[name] ??= create(name);
    return created[name];
  }

  for (const name of FUNCTION_NAMES) if (isOf(stage, FUNCTIONS[name])) get(name);
  return created as Functions;
}

/** Whether the stage has this function. Functions that it invokes come with it. */
function isOf({ shares, functions: which }: Stage, { madeIn }: FunctionEntry): boolean {
  if (madeIn === "dev") return shares;
  return which === "all" || madeIn === "every stage";
}

/** Whether nobody waits for its answer. Lambda then invokes it up to three times. */
function invokedLater({ trigger }: FunctionEntry): boolean {
  return trigger === "invoked" || typeof trigger === "object";
}

function databasePermissions({ permissions, database }: FunctionEntry, { clusterArn, secretArns }: Database) {
  const transactions = ["BeginTransaction", "CommitTransaction", "RollbackTransaction"];
  const operations = ["ExecuteStatement", ...(permissions.includes("transactions") ? transactions : [])];
  // On dev's cluster, owner and application have the same secret.
  const secrets = new Set([
    secretArns[database],
    ...(permissions.includes("applicationSecret") ? [secretArns.application] : []),
  ]);
  return [
    new PolicyStatement({ actions: operations.map((one) => `rds-data:${one}`), resources: [clusterArn] }),
    new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [...secrets] }),
  ];
}

/** The secrets of the stages on dev's cluster, which the provider makes. */
function stageSecretsPermission(stack: Stack) {
  const arn = stack.formatArn({
    service: "secretsmanager",
    resource: "secret",
    resourceName: "notejam/stage/*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const operations = ["CreateSecret", "GetSecretValue", "PutSecretValue", "RestoreSecret", "DeleteSecret"];
  return new PolicyStatement({
    actions: operations.map((one) => `secretsmanager:${one}`),
    resources: [arn],
  });
}

/** Whether the stack of a stage is there. */
function stageStacksPermission(stack: Stack) {
  const arn = stack.formatArn({
    service: "cloudformation",
    resource: "stack",
    resourceName: "*-notejam-app/*",
  });
  return new PolicyStatement({ actions: ["cloudformation:DescribeStacks"], resources: [arn] });
}

/** Has EventBridge invoke the function by the clock, if its entry says so. */
function schedule(
  stack: Stack,
  { id, trigger }: FunctionEntry,
  lambda: Lambda,
  deadLetterQueue: IQueue | undefined,
): void {
  if (typeof trigger !== "object") return;
  new Rule(stack, `${id}Schedule`, {
    schedule: Schedule.rate(Duration.hours(trigger.everyHours)),
    targets: [new LambdaFunction(lambda, { ...(deadLetterQueue && { deadLetterQueue }) })],
  });
}

/** The queue of events that no function could handle. It is encrypted: a mail's event has an address. */
export function deadLetterQueue(stack: Stack, stage: Stage): IQueue {
  return new Queue(stack, "DeadLetters", {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: retainedOn(stage),
  });
}
