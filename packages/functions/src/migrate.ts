// The migrate function. It brings the stage's database to the newest schema, and makes the database role of the other functions. A
// deployment invokes it before the new code takes requests. If it is invoked again, it sets the role's password to the one in the
// role's secret. On a shared cluster it logs in as that role, which stage-database.ts has made, and switches to the owner's role.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  type ApplicationRole,
  grantApplicationRole,
  prepareApplicationRole,
  setApplicationPassword,
} from "@notejam/core/administration/application-role";
import { type Migrated, migrate } from "@notejam/core/administration/migrate";
import { config } from "@notejam/core/config";
import { membersIn } from "@notejam/core/json";
import { writeLine } from "./log.ts";
import { migrations } from "./migrations.build.ts";

/**
 * @returns the names of the migrations that it applied, and of those in the database that this code does not know
 * @throws the database's error if one fails; the deployment then fails
 */
export async function handler(): Promise<Migrated> {
  const { applied, newer } = await migrate(migrations);
  const isOlder = newer.length > 0;
  const { applicationSecretArn, databaseOwnerRole } = config;
  if (databaseOwnerRole) {
    if (!isOlder) await grantApplicationRole();
  } else if (applicationSecretArn) {
    const role = await readApplicationSecret(applicationSecretArn);
    // A rollback also brings back the former secret, so the password is set. The newer code decides about the rights.
    await (isOlder ? setApplicationPassword(role) : prepareApplicationRole(role));
  }
  if (isOlder) writeLine({ level: "info", message: "older than the database", newer });
  writeLine({ level: "info", message: "migrated", applied });
  return { applied, newer };
}

/**
 * Reads the secret of the application's role, which has JSON: `{"username": "notejam_app", "password": "…"}`.
 * @throws Error naming the secret, if it has anything else; the SDK's error if it can't be read
 */
async function readApplicationSecret(arn: string): Promise<ApplicationRole> {
  const client = new SecretsManagerClient({});
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = membersIn(SecretString) ?? {};
  if (typeof username === "string" && typeof password === "string") return { username, password };
  throw new Error(`The secret ${arn} must have JSON like {"username": "notejam_app", "password": "…"}.`);
}
