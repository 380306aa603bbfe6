// The database for core's tests: a Data API server over PGlite or PostgreSQL 18. It is migrated, and the environment names it.
import { randomUUID } from "node:crypto";
import { type DataApiServer, startDataApi } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import * as Account from "../src/account/index.ts";
import { ENV } from "../src/config.ts";
import { database } from "../src/db/client.ts";
import { migrate, readMigrations } from "../src/db/migrate.ts";
import { type Viewer, viewerOf } from "../src/db/viewer.ts";
import { deviceWith } from "../src/device/index.ts";
import * as Session from "../src/session/index.ts";

/** Where requests come from by default: each from a new device. */
export const FROM = {
  address: "192.0.2.1",
  get device() {
    return deviceWith("Firefox on Linux");
  },
};
export const PASSWORD = "correct horse";

/**
 * Starts an empty database, migrated by default.
 * @param from the address of a PostgreSQL, for a new database there, or the dump of a migrated one; else it is a new PGlite
 */
export async function startDatabase(
  from?: string | Uint8Array,
  { migrated = true }: { migrated?: boolean } = {},
): Promise<DataApiServer> {
  const name = `core_${randomUUID().replaceAll("-", "")}`;
  const onPostgres = typeof from === "string";
  if (onPostgres) await createDatabase(from, name);
  const server = await startDataApi({
    databases: {
      [name]: onPostgres
        ? { kind: "postgres", url: at(from, name), maxConnections: 20 }
        : { kind: "pglite", loadFrom: from },
    },
  });
  pointTo(server, name);
  const isMigrated = from instanceof Uint8Array;
  if (migrated && !isMigrated) await migrate(readMigrations(new URL("../migrations/", import.meta.url)));
  return server;
}

async function createDatabase(postgresUrl: string, name: string): Promise<void> {
  const server = await startDataApi({ databases: { postgres: { kind: "postgres", url: postgresUrl } } });
  pointTo(server, "postgres");
  await database().execute(sql.raw(`create database ${name}`));
  await server.close();
}

function at(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function pointTo(server: DataApiServer, name: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_RDS_DATA: server.url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    [ENV.databaseArn]: "arn:aws:rds:eu-west-1:000000000000:cluster:local",
    [ENV.databaseSecretArn]: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:local",
    [ENV.databaseName]: name,
  });
}

/** Creates a user and signs in. */
export async function newUser(): Promise<{ viewer: Viewer; email: string; userId: string }> {
  const email = `${randomUUID()}@example.com`;
  const user = await Account.signUp({ email, password: PASSWORD }, FROM);
  return { viewer: await signedIn(email), email, userId: user.id };
}

/** Opens another session of an account. */
export async function signedIn(email: string, password = PASSWORD): Promise<Viewer> {
  const { token } = await Session.signIn({ email, password }, FROM);
  return viewerOf(token);
}

/** Runs a test's statement. @returns its rows */
export async function rows<Row extends Record<string, unknown>>(
  query: ReturnType<typeof sql>,
): Promise<Row[]> {
  return (await database().execute<Row>(query)).rows as Row[];
}
