// The environment of each function on this machine: the variables that the stacks set on AWS, by the same names, and the
// addresses of the services that stand in for AWS here. A function gets nothing else of this process's environment.
import { ENV } from "@notejam/core/config";
import {
  configuredBy,
  environmentOf,
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionName,
  invokedBy,
} from "@notejam/functions/functions";
import { SECRET_ARNS } from "./application-role.ts";
import { type SdkEndpoints, sdkEnvironment } from "./aws/sdk-environment.ts";

const SENDER = "Notejam <notejam@example.com>";

/**
 * @param accessKeyId what the services ask for
 * @param databaseName the database that the Data API server has
 * @param hasApplicationRole whether the database has a role for the application, which the migrate function makes; else
 * everything works as the owner
 * @param secrets what shows the API that a request came through the site's address, and the key of devices' cookies
 */
export function functionEnvironments(
  endpoints: SdkEndpoints,
  accessKeyId: string,
  { databaseName, hasApplicationRole }: { databaseName: string; hasApplicationRole: boolean },
  secrets: { originSecret: string; deviceKeys: string },
): Record<FunctionName, Record<string, string>> {
  const values = {
    ...configuredBy(process.env),
    stage: "local",
    databaseArn: "arn:aws:rds:local:000000000000:cluster:notejam",
    applicationSecretArn: hasApplicationRole ? SECRET_ARNS.application : undefined,
    databaseName,
    mailFrom: process.env[ENV.mailFrom] || SENDER,
    ...secrets,
  };
  const environments = FUNCTION_NAMES.map((name) => {
    const entry = FUNCTIONS[name];
    // A function's name on this machine is its name in the registry.
    const names = Object.fromEntries(invokedBy(entry).map(({ invoke, nameIn }) => [nameIn, invoke]));
    const databaseSecretArn = SECRET_ARNS[entry.database];
    const known = { ...values, databaseSecretArn, ...names };
    return [name, { ...sdkEnvironment(endpoints, accessKeyId), ...environmentOf(entry, known) }];
  });
  return Object.fromEntries(environments);
}
