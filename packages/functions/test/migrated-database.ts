// Makes the empty, migrated database once for all test files of this project. Each starts from its dump, in 0.6 s instead of
// 3 s. A separate process without Vite makes it, because Vite would transform the database's modules.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
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
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url)], {
    encoding: "buffer",
    maxBuffer: 256 * 1024 * 1024,
  });
  project.provide("migratedDatabase", new Uint8Array(stdout));
}

if (import.meta.main) {
  const dataApi = await startDataApi({ databases: { notejam: { kind: "pglite" } } });
  pointTo(dataApi);
  await migrate(migrations);
  process.stdout.write(await dataApi.dump());
  await dataApi.close();
}
