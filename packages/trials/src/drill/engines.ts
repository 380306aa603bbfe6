// The stores of a drill's data: the embedded engine's folder, or a PostgreSQL. One service uses a store. A cold backup of it makes
// new ones.
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { DATABASE_NAME } from "@notejam/core/config";
import type { DatabaseOptions } from "@notejam/data-api";
import { type PostgresBackup, startPostgres } from "@notejam/data-api/testing/postgres";

/** A database that a service can run on. */
export interface Store {
  /** The variables that lead the service to it, beside its data directory. */
  environment: Record<string, string>;
  /** How the Data API reaches it while no service runs. */
  database: DatabaseOptions;
  databaseName: string;
  /** Takes a cold backup: a copy of the data while nothing runs. The store can only be destroyed afterwards. */
  backUp(): Promise<Backup>;
  /** Removes it with all data. */
  destroy(): Promise<void>;
}

export interface Backup {
  /** Makes a new store with the data of the backup. The backup can be restored again. */
  restore(dataDir: string): Promise<Store>;
}

/** @param dataDir the service's data directory, which is there and may be empty */
type Engine = (dataDir: string) => Promise<Store>;

export const ENGINES = { pglite, postgres } satisfies Record<string, Engine>;
export type EngineName = keyof typeof ENGINES;

/** The embedded database's folder in a data directory, as in local/src/service.ts. */
const FOLDER = "database";

async function pglite(dataDir: string): Promise<Store> {
  const folder = join(dataDir, FOLDER);
  return {
    environment: { DATABASE_URL: "" },
    database: { kind: "pglite", dataDir: folder },
    databaseName: DATABASE_NAME,
    async backUp() {
      const copy = join(dataDir, "backup");
      await cp(folder, copy, { recursive: true });
      return {
        async restore(empty) {
          await cp(copy, join(empty, FOLDER), { recursive: true });
          return pglite(empty);
        },
      };
    },
    destroy: () => rm(folder, { recursive: true }),
  };
}

async function postgres(dataDir: string, from?: PostgresBackup): Promise<Store> {
  const server = await startPostgres(from);
  const url = from ? server.url(DATABASE_NAME) : await server.createDatabase(DATABASE_NAME);
  return {
    environment: { DATABASE_URL: url },
    database: { kind: "postgres", url },
    databaseName: DATABASE_NAME,
    async backUp() {
      const backup = await server.backUp(join(dataDir, "backup"));
      return { restore: (empty) => postgres(empty, backup) };
    },
    destroy: () => server.close(),
  };
}
