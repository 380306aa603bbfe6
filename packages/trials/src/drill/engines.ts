// The places where a drill has its database: the embedded engine's folder, or a PostgreSQL. A place is used by one service; it
// gives a cold backup, and a new place begins with one.
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { DATABASE_NAME } from "@notejam/core/config";
import type { DatabaseOptions } from "@notejam/data-api";
import { type PostgresBackup, startPostgres } from "@notejam/data-api/testing/postgres";

/** A database that a service can run on. */
export interface Place {
  /** What the service is told of it, beside its data directory. */
  environment: Record<string, string>;
  /** How the Data API reaches it while no service runs. */
  database: DatabaseOptions;
  databaseName: string;
  /** Takes a cold backup: a copy of the data while nothing runs. The place can only be destroyed afterwards. */
  backUp(): Promise<Backup>;
  /** Removes it with all data. */
  destroy(): Promise<void>;
}

export interface Backup {
  /** A new place with the data of the backup, which stays as it is. */
  restore(dataDir: string): Promise<Place>;
}

/** @param dataDir the service's data directory, which is there and may be empty */
type Engine = (dataDir: string) => Promise<Place>;

export const ENGINES = { pglite, postgres } satisfies Record<string, Engine>;
export type EngineName = keyof typeof ENGINES;

/** The embedded database's folder in a data directory, as in local/src/service.ts. */
const FOLDER = "database";

async function pglite(dataDir: string): Promise<Place> {
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

async function postgres(dataDir: string, from?: PostgresBackup): Promise<Place> {
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
