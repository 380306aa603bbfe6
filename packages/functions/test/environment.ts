// The environment of the functions in tests: this process's, with the variables that the registry lists.
import type { DataApiServer } from "@notejam/data-api";
import { sdkEnvironment } from "@notejam/local/aws/sdk-environment";
import { environmentOf, FUNCTIONS } from "../src/functions.ts";

export const ORIGIN_SECRET = "origin-secret-of-the-tests";

const VALUES = {
  stage: "test",
  databaseArn: "arn:aws:rds:eu-west-1:123456789012:cluster:test",
  databaseSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:test",
  databaseName: "notejam",
  mailFunction: "mail",
  mailFrom: "Notejam <notejam@example.com>",
  originSecret: ORIGIN_SECRET,
};

/**
 * Points this process at a Data API server.
 * @param awsUrl the address of Lambda and SES; nothing answers at the default
 */
export function pointTo(dataApi: DataApiServer, awsUrl = "http://127.0.0.1:9"): void {
  // The functions share this process, so all of them wait for the database as long as the API does.
  const environments = Object.values(FUNCTIONS).map((entry) => environmentOf(entry, VALUES));
  Object.assign(
    process.env,
    sdkEnvironment({ rdsData: dataApi.url, lambda: awsUrl, sesv2: awsUrl }),
    ...environments,
    environmentOf(FUNCTIONS.api, VALUES),
  );
}
