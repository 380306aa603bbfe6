// What the environment says about Notejam on this machine: the port, where the data is, which database.
import { join, resolve } from "node:path";
import { dataDirectory } from "@notejam/command-line/local-service";
import { StartFailure } from "./start-failure.ts";

/** The repository. */
export const ROOT = resolve(import.meta.dirname, "../../..");

/** Vite's command. */
export const VITE = join(ROOT, "node_modules/vite/bin/vite.js");

const PORT_DEFAULT = 3000;

export interface Settings {
  /** 0: the system chooses one. */
  port: number;
  /** Absolute. */
  dataDir: string;
  /** Address of a PostgreSQL in place of the embedded one. */
  databaseUrl: string | undefined;
}

/** @throws StartFailure naming the variable that is wrong */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    port: readPort(environment.PORT),
    dataDir: dataDirectory(environment),
    databaseUrl: readDatabaseUrl(environment.DATABASE_URL),
  };
}

function readPort(value: string | undefined): number {
  if (!value) return PORT_DEFAULT;
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new StartFailure(`PORT must be a whole number from 0 to 65535, not "${value}".`);
}

/** The message does not repeat the value, which may hold a password. */
function readDatabaseUrl(value: string | undefined): string | undefined {
  if (!value) return undefined;
  const url = URL.parse(value);
  if (url && ["postgres:", "postgresql:"].includes(url.protocol) && url.hostname && url.pathname.length > 1) {
    return value;
  }
  throw new StartFailure(
    "DATABASE_URL must be the address of a PostgreSQL 18 database, like postgres://user:password@localhost:5432/notejam.",
  );
}
