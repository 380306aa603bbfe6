// The functions: the one list of what runs, when, with how much, what it is told and what it may do. The bundler, the stacks,
// `npm start` and the tests all read it, so a new function is an entry here, its file and its test.
import { ENV } from "@notejam/core/config";

type Variable = keyof typeof ENV;

export interface FunctionEntry {
  /** The construct's id in the stack. Final: another id is another function. */
  id: string;
  /** The file that exports `handler`: below `src` and, as a bundle, below the output folder. */
  entry: string;
  /** What calls it: requests, another function, each deployment before the new code, or the clock. */
  trigger: "http" | "invoked" | "deployment" | { everyHours: number };
  /** Also decides the share of a core. */
  memoryMegabytes: number;
  /** A call is given up after this. */
  timeoutSeconds: number;
  /** How long it waits for a database that is paused or failing over. */
  databaseWaitSeconds: number;
  /** What it is told, beside `EVERY_FUNCTION`. */
  environment: readonly Variable[];
  /** What it may do, beside running single statements on the database. */
  permissions: readonly Permission[];
}

export type Permission =
  /** Group statements of the database in a transaction. */
  | "transactions"
  /** Send mail by SES. */
  | "mail"
  /** Invoke another function, whose name it is told in the variable. */
  | { invoke: string; nameIn: Variable };

/** For functions whose callers don't wait: a paused cluster wakes in 15 to 30 seconds, a failover takes up to a minute. */
const PATIENT_SECONDS = 120;

const entries = {
  // One full core: half of a cold start is running JavaScript, and a password costs 32 ms of it. API Gateway gives up
  // after 30 seconds.
  api: {
    id: "ApiHandler",
    entry: "api/lambda",
    trigger: "http",
    memoryMegabytes: 1769,
    timeoutSeconds: 29,
    // A client waits: it is soon told to come back.
    databaseWaitSeconds: 4,
    environment: ["originSecret", "attemptsPerAccountAndAddress", "attemptsPerAccount", "attemptsPerAddress"],
    permissions: [{ invoke: "mail", nameIn: "mailFunction" }],
  },
  mail: {
    id: "Mail",
    entry: "mail/handler",
    trigger: "invoked",
    memoryMegabytes: 512,
    timeoutSeconds: 3 * 60,
    databaseWaitSeconds: PATIENT_SECONDS,
    environment: ["mailFrom"],
    permissions: ["mail"],
  },
  migrate: {
    id: "Migrate",
    entry: "migrate",
    trigger: "deployment",
    memoryMegabytes: 512,
    // A minute less than the deployment waits for it, so that the deployment hears of a timeout.
    timeoutSeconds: 14 * 60,
    databaseWaitSeconds: PATIENT_SECONDS,
    environment: [],
    permissions: ["transactions"],
  },
  sweep: {
    id: "Sweep",
    entry: "jobs/sweep",
    trigger: { everyHours: 1 },
    memoryMegabytes: 512,
    timeoutSeconds: 5 * 60,
    databaseWaitSeconds: PATIENT_SECONDS,
    environment: [],
    permissions: [],
  },
} satisfies Record<string, FunctionEntry>;

export type FunctionName = keyof typeof entries;

export const FUNCTIONS: Readonly<Record<FunctionName, FunctionEntry>> = entries;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** What every function is told. */
const EVERY_FUNCTION = ["stage", "databaseArn", "databaseSecretArn", "databaseName"] as const;

/** What whoever deploys or starts may set in their environment; unset, the code has a default. */
const CONFIGURABLE = ["attemptsPerAccountAndAddress", "attemptsPerAccount", "attemptsPerAddress"] as const;

/** The values of `CONFIGURABLE` in an environment. */
export function configuredBy(environment: NodeJS.ProcessEnv): EnvironmentValues {
  return Object.fromEntries(CONFIGURABLE.map((variable) => [variable, environment[ENV[variable]]]));
}

/** Values by what they are; those that are undefined or empty are not set. */
export type EnvironmentValues = Partial<Record<Variable, string | undefined>>;

/** The functions that a function may invoke. */
export function invokedBy({ permissions }: FunctionEntry): { invoke: FunctionName; nameIn: Variable }[] {
  return permissions.flatMap((one) =>
    typeof one === "object" ? [{ invoke: one.invoke as FunctionName, nameIn: one.nameIn }] : [],
  );
}

/** What a function is told. */
export function variablesOf(entry: FunctionEntry): Variable[] {
  const names = invokedBy(entry).map(({ nameIn }) => nameIn);
  return [...EVERY_FUNCTION, "databaseWaitSeconds", ...names, ...entry.environment];
}

/**
 * A function's environment.
 * @param values of all that is known; it gets only what its entry lists
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
