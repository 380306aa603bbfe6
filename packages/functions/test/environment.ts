// The environment that the functions find in tests.
import { ENV } from "@notejam/core/config";
import type { DataApiServer } from "@notejam/data-api";

export const ORIGIN_SECRET = "origin-secret-of-the-tests";

/** Points this process at a Data API server; `awsUrl` is where Lambda and SES answer. */
export function pointTo(dataApi: DataApiServer, awsUrl = "http://127.0.0.1:9"): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.url,
    AWS_ENDPOINT_URL_LAMBDA: awsUrl,
    AWS_ENDPOINT_URL_SESV2: awsUrl,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    [ENV.stage]: "test",
    [ENV.databaseArn]: "arn:aws:rds:eu-west-1:123456789012:cluster:test",
    [ENV.databaseSecretArn]: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:test",
    [ENV.databaseName]: "notejam",
    [ENV.mailFunction]: "mail",
    [ENV.mailFrom]: "Notejam <notejam@example.com>",
    [ENV.originSecret]: ORIGIN_SECRET,
  });
}
