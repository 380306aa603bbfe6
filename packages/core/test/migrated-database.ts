// Makes the empty, migrated database once for the tests of all projects. Each file starts from its dump, in 0.6 s instead of
// 3 s. A separate process without Vite makes it, because Vite would transform the database's modules.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { startDatabase } from "./database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A dump of the embedded database. */
    migratedDatabase: Uint8Array;
  }
}

// Vitest loads this file once for each project, so the shared state is global.
const holder = globalThis as typeof globalThis & { notejamMigrated?: Promise<Uint8Array> };

export default async function setup(project: TestProject) {
  holder.notejamMigrated ??= makeDump();
  project.provide("migratedDatabase", await holder.notejamMigrated);
}

async function makeDump(): Promise<Uint8Array> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url)], {
    encoding: "buffer",
    maxBuffer: 256 * 1024 * 1024,
  });
  return new Uint8Array(stdout);
}

if (import.meta.main) {
  const dataApi = await startDatabase();
  process.stdout.write(await dataApi.dump());
  await dataApi.close();
}
