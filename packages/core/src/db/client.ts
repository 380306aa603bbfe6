// The way to the database: drizzle over the RDS Data API. Which cluster, or which local server, the environment says.
import { AsyncLocalStorage } from "node:async_hooks";
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { type AwsDataApiPgDatabase, drizzle } from "drizzle-orm/aws-data-api/pg";
import { config } from "../config.ts";
import { unwrap } from "./errors.ts";
import { giveUpOnTimeout, repeatWhereSafe } from "./retry.ts";

export type Database = AwsDataApiPgDatabase;

/** Counts the Data API calls of one request. */
export interface Calls {
  count: number;
}

const counting = new AsyncLocalStorage<Calls>();

/** Runs `run`, and adds one to `calls.count` for each call to the Data API that it makes. */
export function countingCalls<T>(run: () => Promise<T>, calls: Calls): Promise<T> {
  return counting.run(calls, run);
}

/** How long a call may take. One that takes longer is not sent again beside itself: the client is told to come back. */
const SECONDS = {
  /** API Gateway gives up after 30, the function a second before. */
  request: 20,
  /** The Data API ends a statement after 45. */
  migration: 50,
};
const CONNECTION_SECONDS = 3;

const databases = new Map<string, Database>();

/**
 * The database that the environment names. One client a process, so that its connections are kept.
 * @param use how long a call may take
 * @throws Error naming the environment variable that is missing
 */
export function database(use: keyof typeof SECONDS = "request"): Database {
  const { resourceArn, secretArn, database: name } = config.database;
  const key = [process.env.AWS_ENDPOINT_URL_RDS_DATA, resourceArn, secretArn, name, use].join(" ");
  const known = databases.get(key);
  if (known) return known;
  const made = drizzle({ client: dataApiClient(SECONDS[use]), resourceArn, secretArn, database: name });
  databases.set(key, made);
  return made;
}

/**
 * Runs a statement. One that needs somebody to be signed in goes through `authorised` (viewer.ts).
 * @throws AppError `unavailable`, or the database's error without drizzle's wrapping, which carries parameters
 */
export async function run<Result>(statement: PromiseLike<Result>): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    throw unwrap(error);
  }
}

function dataApiClient(seconds: number): RDSDataClient {
  const client = new RDSDataClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECTION_SECONDS * 1000,
      requestTimeout: seconds * 1000,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const calls = counting.getStore();
      if (calls) calls.count++;
      return repeatWhereSafe(() => next(args), {
        transaction: "transactionId" in args.input && !!args.input.transactionId,
      });
    },
    { step: "initialize", name: "repeatWhereSafe" },
  );
  // Within the SDK's own repetitions, which would send a slow statement a second and a third time beside the first.
  client.middlewareStack.add((next) => (args) => giveUpOnTimeout(() => next(args)), {
    step: "finalizeRequest",
    priority: "low",
    name: "giveUpOnTimeout",
  });
  return client;
}
