// Makes the empty, migrated database once for all of this project's test files: each starts from its dump, in 0.6 s
// instead of 3.
import { migrate } from "@notejam/core/db/migrate";
import { startDataApi } from "@notejam/data-api";
import type { TestProject } from "vitest/node";
import { migrations } from "../src/migrations.build.ts";
import { pointTo } from "./environment.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A dump of the embedded database. */
    migratedDatabase: Uint8Array | undefined;
  }
}

export default async function setup(project: TestProject) {
  const dataApi = await startDataApi({ engine: { kind: "pglite" } });
  pointTo(dataApi);
  await migrate(migrations);
  project.provide("migratedDatabase", await dataApi.dump());
  await dataApi.close();
}
