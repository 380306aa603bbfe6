// The environment of the functions in tests: this process's, with the variables that the registry lists.
import { DATABASE_NAME, ENV } from "@notejam/core/config";
import type { DataApiServer } from "@notejam/data-api";
import { sdkEnvironment } from "@notejam/local/aws/sdk-environment";
import { environmentOf, FUNCTIONS } from "../src/functions.ts";

/** As it was before the first file of the worker. */
const INITIAL = { ...process.env };

/** Gives this process the environment that it began with. */
export function restoreEnvironment(): void {
  for (const name of Object.keys(process.env)) if (!(name in INITIAL)) delete process.env[name];
  Object.assign(process.env, INITIAL);
}

export const ORIGIN_SECRET = "origin-secret-of-the-tests";

/** What the stand-ins for AWS ask for. */
export const ACCESS_KEY_ID = "access-key-of-the-tests";

/** The secrets of the database's roles. */
export const SECRETS = {
  owner: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:owner",
  application: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:application",
};

const VALUES = {
  stage: "test",
  databaseArn: "arn:aws:rds:eu-west-1:123456789012:cluster:test",
  databaseSecretArn: SECRETS.application,
  applicationSecretArn: SECRETS.application,
  databaseName: DATABASE_NAME,
  mailFunction: "mail",
  mailFrom: "Notejam <notejam@example.com>",
  originSecret: ORIGIN_SECRET,
  deviceKeys: "device-key-of-the-tests",
};

/**
 * Points this process at a Data API server.
 * @param awsUrl the address of Lambda, SES and Secrets Manager; nothing answers at the default
 */
export function pointTo(dataApi: DataApiServer, awsUrl = "http://127.0.0.1:9"): void {
  // The functions share this process, so all of them wait for the database as long as the API does.
  const environments = Object.values(FUNCTIONS).map((entry) => environmentOf(entry, VALUES));
  Object.assign(
    process.env,
    sdkEnvironment(
      { rdsData: dataApi.url, lambda: awsUrl, sesv2: awsUrl, secretsManager: awsUrl },
      ACCESS_KEY_ID,
    ),
    ...environments,
    environmentOf(FUNCTIONS.api, VALUES),
  );
}

/** Runs `work` as the database's owner, which the migrate function works as: the functions share this process. */
export async function asOwner<T>(work: () => Promise<T>): Promise<T> {
  process.env[ENV.databaseSecretArn] = SECRETS.owner;
  try {
    return await work();
  } finally {
    process.env[ENV.databaseSecretArn] = SECRETS.application;
  }
}

/** What `make` takes from the environment, as the owner has it. */
export function ofOwner<T>(make: () => T): T {
  const role = process.env[ENV.databaseSecretArn];
  process.env[ENV.databaseSecretArn] = SECRETS.owner;
  try {
    return make();
  } finally {
    process.env[ENV.databaseSecretArn] = role;
  }
}
