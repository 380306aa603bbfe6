// The migrate function: brings the stage's database to the newest schema, and makes the role that the other functions work as. A
// deployment invokes it before the new code takes requests. Invoking it again sets the role's password to that of its secret. On a
// shared cluster it works as that role itself, which stage-database.ts made, and takes the owner's.

import {
  grantApplicationRole,
  prepareApplicationRole,
  setApplicationPassword,
} from "@notejam/core/administration/application-role";
import { type Migrated, migrate } from "@notejam/core/administration/migrate";
import { config } from "@notejam/core/config";
import { readApplicationSecret } from "./application-secret.ts";
import { writeLine } from "./log.ts";
import { migrations } from "./migrations.build.ts";

/**
 * @returns the names of the migrations that it applied, and of those in the database that it does not know
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
    // A rollback also brings back the secret of before. The rights are the newer code's to decide.
    await (isOlder ? setApplicationPassword(role) : prepareApplicationRole(role));
  }
  if (isOlder) writeLine({ level: "info", message: "older than the database", newer });
  writeLine({ level: "info", message: "migrated", applied });
  return { applied, newer };
}
