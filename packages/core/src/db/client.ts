// The connection to the database: drizzle over the RDS Data API, with the cluster or local server that the environment names.
// Only this folder and administration/ use it: all other code reaches the database through viewer.ts.
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { type AwsDataApiPgDatabase, drizzle } from "drizzle-orm/aws-data-api/pg";
import { config } from "../config.ts";
import { countCall, deadlineOfRequest } from "./calls.ts";
import { unwrap } from "./errors.ts";
import { giveUpOnTimeout, repeatWhereSafe } from "./retry.ts";

export type Database = AwsDataApiPgDatabase;

/** How long a call may take. A call that takes longer may still run, so it is not repeated: the answer is `unavailable`. */
const CALL_SECONDS = {
  /** API Gateway gives up after 30, and the function 1 second earlier. */
  request: 20,
  /** The Data API ends a statement after 45. */
  background: 50,
};
const CONNECTION_SECONDS = 3;

const databases = new Map<string, Database>();

/** How often the SDK sends a call that was answered 500, 503 or 504, or whose connection broke. */
const SDK_ATTEMPTS = { statements: 3, transactions: 1 };

/**
 * The database that the environment names. A process has one client for each use, which keeps its connections.
 * @param use `transactions` if the caller repeats whole transactions, since a single call of one can't be repeated
 * @throws Error naming the environment variable that is missing
 */
export function database(use: keyof typeof SDK_ATTEMPTS = "statements"): Database {
  const { resourceArn, secretArn, database: name } = config.database;
  const waitSeconds = config.databaseWaitSeconds;
  const key = [process.env.AWS_ENDPOINT_URL_RDS_DATA, resourceArn, secretArn, name, waitSeconds, use].join(
    " ",
  );
  const known = databases.get(key);
  if (known) return known;
  const made = drizzle({
    client: dataApiClient(waitSeconds, SDK_ATTEMPTS[use]),
    resourceArn,
    secretArn,
    database: name,
  });
  databases.set(key, made);
  return made;
}

/**
 * Runs a statement.
 * @throws AppError `unavailable`, or the database's error without drizzle's wrapping, which carries parameters
 */
export async function run<Result>(statement: PromiseLike<Result>): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    throw unwrap(error);
  }
}

/**
 * Runs a statement that may take longer than a call. The database then goes on with it.
 * @throws as `run`, where `unavailable` may mean that it still runs
 */
export async function runOn(statement: string): Promise<void> {
  const command = new ExecuteStatementCommand({
    ...config.database,
    sql: statement,
    continueAfterTimeout: true,
  });
  await dataApiClient(config.databaseWaitSeconds, SDK_ATTEMPTS.transactions).send(command);
}

/** A client whose calls are aborted at the deadline of the request. */
class RequestClient extends RDSDataClient {
  override send(command: never): Promise<never> {
    const send = super.send as (command: never, options: object) => Promise<never>;
    return send.call(this, command, { abortSignal: deadlineOfRequest() });
  }
}

function dataApiClient(waitSeconds: number, maxAttempts: number): RDSDataClient {
  const callSeconds = waitSeconds > CALL_SECONDS.request ? CALL_SECONDS.background : CALL_SECONDS.request;
  const client = new RequestClient({
    maxAttempts,
    requestHandler: {
      connectionTimeout: CONNECTION_SECONDS * 1000,
      requestTimeout: callSeconds * 1000,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      countCall();
      const transaction = "transactionId" in args.input && !!args.input.transactionId;
      return repeatWhereSafe(() => next(args), { waitSeconds, transaction, deadline: deadlineOfRequest() });
    },
    { step: "initialize", name: "repeatWhereSafe" },
  );
  // Inside the SDK's own retries. They would send a slow statement again while the first one still runs.
  client.middlewareStack.add((next) => (args) => giveUpOnTimeout(() => next(args)), {
    step: "finalizeRequest",
    priority: "low",
    name: "giveUpOnTimeout",
  });
  return client;
}
