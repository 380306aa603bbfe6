// The way to the database: drizzle over the RDS Data API. Which cluster, or which local server, the environment says.
import { AsyncLocalStorage } from "node:async_hooks";
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { type AwsDataApiPgDatabase, drizzle } from "drizzle-orm/aws-data-api/pg";
import { config } from "../config.ts";
import { repeatWhereSafe } from "./retry.ts";

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

/** Seconds after which a call is given up: the Data API ends a statement after 45, API Gateway a request after 30. */
const REQUEST_TIMEOUT_SECONDS = 25;
const CONNECTION_TIMEOUT_SECONDS = 3;

const databases = new Map<string, Database>();

/**
 * The database that the environment names. One client a process, so that its connections are kept.
 * @throws Error naming the environment variable that is missing
 */
export function database(): Database {
  const { resourceArn, secretArn, database: name } = config.database;
  const key = [process.env.AWS_ENDPOINT_URL_RDS_DATA, resourceArn, secretArn, name].join(" ");
  const known = databases.get(key);
  if (known) return known;
  const made = drizzle({ client: dataApiClient(), resourceArn, secretArn, database: name });
  databases.set(key, made);
  return made;
}

function dataApiClient(): RDSDataClient {
  const client = new RDSDataClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_SECONDS * 1000,
      requestTimeout: REQUEST_TIMEOUT_SECONDS * 1000,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const calls = counting.getStore();
      if (calls) calls.count++;
      return repeatWhereSafe(() => next(args));
    },
    { step: "initialize", name: "repeatWhereSafe" },
  );
  return client;
}
