// The list of the functions: what triggers each, its size, its environment and its permissions. The bundler, the stacks,
// `npm start` and the tests read this list. CONTRIBUTING.md says what a new scheduled job needs.
import { ENV, LIMITS } from "@notejam/core/config";

type Variable = keyof typeof ENV;

export interface FunctionEntry {
  /** The construct's id in the stack. Don't change it: AWS would replace the function. */
  id: string;
  /** The path of the file that exports `handler`, below `src` and below the output folder of a build. */
  entry: string;
  /** What calls it: a request, another function, a deployment before its new code runs, CloudFormation for other stages, a schedule. */
  trigger: "http" | "invoked" | "deployment" | "stages" | { everyHours: number };
  /** The stages that have it. The fixed stages are production, staging and dev; the one in `dev` serves all the others. */
  madeIn: "every stage" | "fixed stages" | "dev";
  /** Lambda assigns processor time in proportion to the memory. */
  memoryMegabytes: number;
  /** Lambda stops an invocation after this time. It is longer than `databaseWaitSeconds` and a call. */
  timeoutSeconds: number;
  /** How long it waits for a database that is paused or fails over. */
  databaseWaitSeconds: number;
  /** The database role that it uses: the application reads and writes rows, the owner makes tables and roles. */
  database: "application" | "owner";
  /** Its environment variables, in addition to those in `EVERY_FUNCTION`. */
  environment: readonly Variable[];
  /** Its permissions. Every function may also run single statements on the database. */
  permissions: readonly Permission[];
}

export type Permission =
  /** Run statements in a transaction. */
  | "transactions"
  /** Read the secret of the application role, to set the role's password. */
  | "applicationSecret"
  /** Make, read, change, restore and delete the secrets of the stages on the shared cluster, `notejam/stage/<stage>`. */
  | "stageSecrets"
  /** Ask CloudFormation for the status of the stacks of stages, `<stage>-notejam-app`. */
  | "stageStacks"
  /** Send mail through SES. */
  | "mail"
  /** Invoke another function. The variable has its name. */
  | { invoke: string; nameIn: Variable };

/** If nobody waits for an answer. A paused cluster wakes in 15 to 30 seconds, and a failover takes up to a minute. */
const PATIENT_SECONDS = 120;

/** How long the API works on a request. API Gateway gives up after 30 seconds, and Lambda stops the function after 29. */
export const ANSWER_WITHIN_SECONDS = 25;

/** The limits, which the environment of `npm start` or of a deployment may set. */
const LIMIT_VARIABLES = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

/** What the functions have in common that no client waits for. */
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
  // The memory is that of one full core: half of a cold start is running JavaScript, and hashing a password takes 32 ms of a core.
  api: {
    id: "ApiHandler",
    entry: "api/lambda",
    trigger: "http",
    madeIn: "every stage",
    memoryMegabytes: 1769,
    timeoutSeconds: 29,
    // A client waits. It gets a 503 with Retry-After soon.
    databaseWaitSeconds: 4,
    database: "application",
    environment: ["originSecret", "deviceKeys", ...LIMIT_VARIABLES],
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
    // A deployment waits a minute longer, so it learns of a timeout.
    timeoutSeconds: 14 * 60,
    database: "owner",
    // A stage on the cluster of `dev` has the second, any other stage the first.
    environment: ["applicationSecretArn", "databaseOwnerRole"],
    permissions: ["transactions", "applicationSecret"],
  },
  stageDatabase: {
    ...background,
    id: "StageDatabase",
    entry: "stage-database",
    trigger: "stages",
    madeIn: "dev",
    // The CDK's provider framework waits a minute longer, so CloudFormation learns of a timeout.
    timeoutSeconds: 14 * 60,
    database: "owner",
    permissions: ["transactions", "stageSecrets", "stageStacks"],
  },
  recover: {
    ...background,
    id: "Recover",
    entry: "recover",
    // Only by hand: stacks/RUNBOOKS.md says when.
    trigger: "invoked",
    madeIn: "fixed stages",
    timeoutSeconds: 14 * 60,
  },
  sweep: job({ id: "Sweep", entry: "jobs/sweep", everyHours: 24, timeoutSeconds: 5 * 60 }),
  // A state that retention no longer keeps is emptied within an hour.
  thin: job({ id: "Thin", entry: "jobs/thin", everyHours: 1, timeoutSeconds: 10 * 60 }),
  expire: job({ id: "Expire", entry: "jobs/expire", everyHours: 24, timeoutSeconds: 10 * 60 }),
  // What was deleted for ever is in the log within an hour, even if the request that did it never logged it.
  logPurged: job({ id: "LogPurged", entry: "jobs/log-purged", everyHours: 1, timeoutSeconds: 5 * 60 }),
  // Each run measures some accounts, so that each account is measured once a day.
  measure: job({ id: "Measure", entry: "jobs/measure", everyHours: 1, timeoutSeconds: 10 * 60 }),
} satisfies Record<string, FunctionEntry>;

export type FunctionName = keyof typeof entries;

export const FUNCTIONS: Readonly<Record<FunctionName, FunctionEntry>> = entries;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** The variables of every function. `databaseSecretArn` names the secret of the database role that the function uses. */
const EVERY_FUNCTION = ["stage", "databaseArn", "databaseSecretArn", "databaseName"] as const;

/** The limits that an environment sets. */
export function configuredBy(environment: NodeJS.ProcessEnv): EnvironmentValues {
  return Object.fromEntries(LIMIT_VARIABLES.map((variable) => [variable, environment[ENV[variable]]]));
}

/** Values by variable. An undefined or empty value means that the variable is not set. */
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
