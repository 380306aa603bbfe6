// The environment of each function on this machine: the variables that the stacks set on AWS, by the same names, and the
// endpoints of the services that stand in for AWS here. Nothing of this process's own environment gets in by itself.
import { devNull } from "node:os";
import { ENV } from "@notejam/core/config";

export interface Endpoints {
  dataApi: string;
  lambda: string;
  ses: string;
}

/** What a stage may be configured by goes through where it is set. */
const CONFIGURABLE = [
  ENV.attemptsPerAccountAndAddress,
  ENV.attemptsPerAccount,
  ENV.attemptsPerAddress,
] as const;

const SENDER = "Notejam <notejam@example.com>";

/**
 * @param databaseName the database that the Data API server has
 * @param originSecret what the gateway proves itself with
 */
export function functionEnvironments(endpoints: Endpoints, databaseName: string, originSecret: string) {
  const common: Record<string, string> = {
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    // What this person has configured for AWS is of no concern here.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL_RDS_DATA: endpoints.dataApi,
    [ENV.stage]: "local",
    [ENV.databaseArn]: "arn:aws:rds:local:000000000000:cluster:notejam",
    [ENV.databaseSecretArn]: "arn:aws:secretsmanager:local:000000000000:secret:notejam",
    [ENV.databaseName]: databaseName,
  };
  const configured = CONFIGURABLE.flatMap((name) => {
    const value = process.env[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    api: {
      ...common,
      ...Object.fromEntries(configured),
      AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
      [ENV.mailFunction]: "mail",
      [ENV.originSecret]: originSecret,
    },
    mail: {
      ...common,
      AWS_ENDPOINT_URL_SESV2: endpoints.ses,
      [ENV.mailFrom]: process.env[ENV.mailFrom] || SENDER,
    },
    migrate: common,
  };
}
