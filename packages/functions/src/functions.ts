// The registry of the functions: the trigger, size, environment and permissions of each. The bundler, the stacks, `npm start`
// and the tests all read it, so a new function is an entry here, its file and its test.
import { ENV, LIMITS } from "@notejam/core/config";

type Variable = keyof typeof ENV;

export interface FunctionEntry {
  /** The construct's id in the stack. It is final: AWS replaces a function whose id changes. */
  id: string;
  /** The path of the file that exports `handler`, below `src` and below the output folder of a build. */
  entry: string;
  /** What calls it: requests, another function, each deployment before the new code, CloudFormation for other stages, or a schedule. */
  trigger: "http" | "invoked" | "deployment" | "stages" | { everyHours: number };
  /** The stages that have it: all of them, the fixed ones (production, staging, dev), or `dev` for all that are not fixed. */
  madeIn: "every stage" | "fixed stages" | "dev";
  /** Lambda gives a share of the processor in proportion. */
  memoryMegabytes: number;
  /** Lambda ends an invocation after this time. */
  timeoutSeconds: number;
  /** How long it waits for a database that is paused or failing over. */
  databaseWaitSeconds: number;
  /** The role of the database that it works as: the application reads and writes rows, the owner makes tables and roles. */
  database: "application" | "owner";
  /** Its environment variables, in addition to `EVERY_FUNCTION`. */
  environment: readonly Variable[];
  /** Its permissions, in addition to running single statements on the database. */
  permissions: readonly Permission[];
}

export type Permission =
  /** Run statements in a transaction. */
  | "transactions"
  /** Read the application role's secret, as the owner, to set its password. */
  | "applicationSecret"
  /** Make, read, change, restore and delete the secrets of the stages on the shared cluster, `notejam/stage/<stage>`. */
  | "stageSecrets"
  /** Ask CloudFormation for the status of the stacks of stages, `<stage>-notejam-app`. */
  | "stageStacks"
  /** Send mail through SES. */
  | "mail"
  /** Invoke another function, whose name is in the variable. */
  | { invoke: string; nameIn: Variable };

/** For functions whose callers don't wait: a paused cluster wakes in 15 to 30 seconds, a failover takes up to a minute. */
const PATIENT_SECONDS = 120;

/** Until when a request is worked on: API Gateway gives up after 30 seconds, and Lambda ends the function after 29. */
export const ANSWER_WITHIN_SECONDS = 25;

/** The variables of the limits, which may be set in the environment of `npm start` or a deployment. The code has defaults. */
const LIMIT_VARIABLES = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

/** What a function has that no client waits for. */
const background = {
  memoryMegabytes: 512,
  databaseWaitSeconds: PATIENT_SECONDS,
  database: "application",
  environment: [],
  permissions: [],
} as const;

/** A scheduled job. Each run wakes a paused cluster. */
function job(
  entry: Pick<FunctionEntry, "id" | "entry" | "timeoutSeconds"> & { everyHours: number },
): FunctionEntry {
  const { everyHours, ...own } = entry;
  return { ...background, ...own, trigger: { everyHours }, madeIn: "fixed stages" };
}

const entries = {
  // One full core: half of a cold start is running JavaScript, and hashing a password takes 32 ms of a core. API Gateway
  // gives up after 30 seconds.
  api: {
    id: "ApiHandler",
    entry: "api/lambda",
    trigger: "http",
    madeIn: "every stage",
    memoryMegabytes: 1769,
    timeoutSeconds: 29,
    // A client waits, so it soon gets a 503 with Retry-After.
    databaseWaitSeconds: 4,
    database: "application",
    environment: ["originSecret", ...LIMIT_VARIABLES],
    permissions: [{ invoke: "mail", nameIn: "mailFunction" }],
  },
  mail: {
    ...background,
    id: "Mail",
    entry: "mail/handler",
    trigger: "invoked",
    madeIn: "every stage",
    timeoutSeconds: 3 * 60,
    environment: ["mailFrom"],
    permissions: ["mail"],
  },
  migrate: {
    ...background,
    id: "Migrate",
    entry: "migrate",
    trigger: "deployment",
    madeIn: "every stage",
    // A minute less than the deployment waits for it, so that the deployment hears of a timeout.
    timeoutSeconds: 14 * 60,
    database: "owner",
    // A stage on the cluster of `dev` sets the second, any other stage the first.
    environment: ["applicationSecretArn", "databaseOwnerRole"],
    permissions: ["transactions", "applicationSecret"],
  },
  stageDatabase: {
    ...background,
    id: "StageDatabase",
    entry: "stage-database",
    trigger: "stages",
    madeIn: "dev",
    // A minute less than the framework that invokes it, so that CloudFormation hears of a timeout.
    timeoutSeconds: 14 * 60,
    database: "owner",
    permissions: ["transactions", "stageSecrets", "stageStacks"],
  },
  recover: {
    ...background,
    id: "Recover",
    entry: "recover",
    // By hand only, as stacks/RUNBOOKS.md says.
    trigger: "invoked",
    madeIn: "fixed stages",
    timeoutSeconds: 14 * 60,
  },
  sweep: job({ id: "Sweep", entry: "jobs/sweep", everyHours: 24, timeoutSeconds: 5 * 60 }),
  // A state that no rule keeps stays an hour longer at most.
  thin: job({ id: "Thin", entry: "jobs/thin", everyHours: 1, timeoutSeconds: 10 * 60 }),
  expire: job({ id: "Expire", entry: "jobs/expire", everyHours: 24, timeoutSeconds: 10 * 60 }),
  // Each account once a day, some of them in each run.
  measure: job({ id: "Measure", entry: "jobs/measure", everyHours: 1, timeoutSeconds: 10 * 60 }),
} satisfies Record<string, FunctionEntry>;

export type FunctionName = keyof typeof entries;

export const FUNCTIONS: Readonly<Record<FunctionName, FunctionEntry>> = entries;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** The variables of every function. `databaseSecretArn` is that of the role that it works as. */
const EVERY_FUNCTION = ["stage", "databaseArn", "databaseSecretArn", "databaseName"] as const;

/** The values of the limits in an environment. */
export function configuredBy(environment: NodeJS.ProcessEnv): EnvironmentValues {
  return Object.fromEntries(LIMIT_VARIABLES.map((variable) => [variable, environment[ENV[variable]]]));
}

/** Values by variable. Undefined and empty values are not set. */
export type EnvironmentValues = Partial<Record<Variable, string | undefined>>;

/** The functions that a function may invoke. */
export function invokedBy({ permissions }: FunctionEntry): { invoke: FunctionName; nameIn: Variable }[] {
  return permissions.flatMap((one) =>
    typeof one === "object" ? [{ invoke: one.invoke as FunctionName, nameIn: one.nameIn }] : [],
  );
}

/** The environment variables of a function. */
export function variablesOf(entry: FunctionEntry): Variable[] {
  const names = invokedBy(entry).map(({ nameIn }) => nameIn);
  return [...EVERY_FUNCTION, "databaseWaitSeconds", ...names, ...entry.environment];
}

/**
 * A function's environment.
 * @param values all known values; the function gets only those that its entry lists
 */
export function environmentOf(entry: FunctionEntry, values: EnvironmentValues): Record<string, string> {
  const known: EnvironmentValues = { ...values, databaseWaitSeconds: String(entry.databaseWaitSeconds) };
  return Object.fromEntries(
    variablesOf(entry).flatMap((variable) => {
      const value = known[variable];
      return value ? [[ENV[variable], value] as const] : [];
    }),
  );
}
