// The database for core's tests: a Data API server over PGlite or PostgreSQL 18. It is migrated, and the environment names it.
import { randomUUID } from "node:crypto";
import { type DataApiServer, startDataApi } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { prepareApplicationRole } from "../src/administration/application-role.ts";
import { migrate, readMigrations } from "../src/administration/migrate.ts";
import { ENV } from "../src/config.ts";
import { database } from "../src/db/client.ts";
import { type Viewer, viewerOf } from "../src/db/viewer.ts";
import { newDevice } from "../src/device/index.ts";
import * as Session from "../src/session/index.ts";
import { addingAccount } from "./accounts.ts";

/** Where requests come from by default: each from a new device. */
export const FROM = {
  address: "192.0.2.1",
  deviceName: "Firefox on Linux",
  get device() {
    return newDevice("Firefox on Linux");
  },
};
export const PASSWORD = "correct horse";

/** The secrets that the server knows: of the role that migrates, and of the one that the API, the mails and the jobs work as. */
export const SECRETS = {
  owner: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:owner",
  application: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:application",
};

/** The application's role in the dump of the migrated database. PGlite asks for no password. */
export const EMBEDDED_APPLICATION = { username: "notejam_app", password: "correct-horse-battery" };

/**
 * Starts an empty database, migrated by default. The environment then names the application's secret.
 * @param from the address of a PostgreSQL, for a new database there, or the dump of a migrated one; else it is a new PGlite
 */
export async function startDatabase(
  from?: string | Uint8Array,
  { migrated = true }: { migrated?: boolean } = {},
): Promise<DataApiServer> {
  const name = `core_${randomUUID().replaceAll("-", "")}`;
  const onPostgres = typeof from === "string";
  // Roles belong to a whole PostgreSQL.
  const application = { ...EMBEDDED_APPLICATION, ...(onPostgres && { username: `${name}_app` }) };
  const server = await startDataApi({
    databases: {
      [name]: onPostgres
        ? { kind: "postgres", url: await createDatabase(from, name), maxConnections: 20 }
        : { kind: "pglite", loadFrom: from },
    },
    secrets: { [SECRETS.owner]: "owner", [SECRETS.application]: application },
  });
  pointTo(server, name);
  const isMigrated = from instanceof Uint8Array;
  if (migrated && !isMigrated) {
    await asOwner(async () => {
      await migrate(readMigrations(new URL("../migrations/", import.meta.url)));
      await prepareApplicationRole(application);
    });
  }
  return server;
}

/** @returns the address of a new database, with an owner that may do what Aurora's master user may: it is no superuser */
async function createDatabase(postgresUrl: string, name: string): Promise<string> {
  const server = await startDataApi({ databases: { postgres: { kind: "postgres", url: postgresUrl } } });
  pointTo(server, "postgres");
  const create = (what: string) => database().execute(sql.raw(`create ${what}`));
  await create(`role ${name} login createrole createdb in role pg_monitor password '${name}'`);
  await create(`database ${name} owner ${name}`);
  await server.close();
  return Object.assign(new URL(postgresUrl), { username: name, password: name, pathname: `/${name}` }).href;
}

function pointTo(server: DataApiServer, name: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_RDS_DATA: server.url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    [ENV.databaseArn]: "arn:aws:rds:eu-west-1:000000000000:cluster:local",
    [ENV.databaseSecretArn]: SECRETS.application,
    [ENV.databaseName]: name,
  });
}

/** Runs `work` as the role that migrates. What runs meanwhile and asks for the database gets that role, too. */
export async function asOwner<T>(work: () => Promise<T>): Promise<T> {
  process.env[ENV.databaseSecretArn] = SECRETS.owner;
  try {
    return await work();
  } finally {
    process.env[ENV.databaseSecretArn] = SECRETS.application;
  }
}

/** Creates a user and signs in. */
export async function newUser(): Promise<{ viewer: Viewer; email: string; userId: string }> {
  const userId = randomUUID();
  const email = `${randomUUID()}@example.com`;
  await rows(sql.raw(addingAccount({ id: userId, email, password: PASSWORD })));
  return { viewer: await signedIn(email), email, userId };
}

/** Opens another session of an account. */
export async function signedIn(email: string, password = PASSWORD): Promise<Viewer> {
  const { token } = await Session.signIn({ email, password }, FROM);
  return viewerOf(token);
}

/** Runs a test's statement as the owner, also between the application's. @returns its rows */
export async function rows<Row extends Record<string, unknown>>(
  query: ReturnType<typeof sql>,
): Promise<Row[]> {
  const role = process.env[ENV.databaseSecretArn];
  process.env[ENV.databaseSecretArn] = SECRETS.owner;
  const owners = database();
  process.env[ENV.databaseSecretArn] = role;
  return (await owners.execute<Row>(query)).rows as Row[];
}

/** What a user deleted for ever. */
export function purgedOf(userId: string): Promise<{ kind: string; id: string }[]> {
  return rows(sql`select kind, id from purged where user_id = ${userId}::uuid`);
}
