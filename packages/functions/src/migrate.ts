// The migrate function: brings the stage's database to the newest schema. A deployment invokes it before the new code takes
// requests. Invoking it again changes nothing.
import { migrate } from "@notejam/core/db/migrate";
import { writeLine } from "./log.ts";
import { migrations } from "./migrations.build.ts";

/**
 * @returns the names of the migrations that it applied
 * @throws the database's error if one fails; the deployment then fails
 */
export async function handler(): Promise<{ applied: string[] }> {
  const { applied } = await migrate(migrations);
  writeLine({ level: "info", message: "migrated", applied });
  return { applied };
}
