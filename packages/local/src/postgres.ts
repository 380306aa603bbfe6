// The user's PostgreSQL instead of the embedded database: it must be reachable and new enough.
import {
  type DataApiServer,
  DatabaseConnectionError,
  OptionError,
  type Secret,
  startDataApi,
} from "@notejam/data-api";
import { SECRET_ARNS } from "./application-role.ts";
import { StartFailure } from "./start-failure.ts";

/** The version of Aurora and PGlite. Statements are tested on these. */
const OLDEST = 18;

/**
 * Starts the Data API over it.
 * @param url `postgres://user:password@host:port/database`
 * @param accessKeyId what its requests must be signed with
 * @throws StartFailure if it can't be used
 */
export async function startOverPostgres(
  url: string,
  database: string,
  secrets: Record<string, Secret>,
  accessKeyId: string,
): Promise<DataApiServer> {
  try {
    const databases = { [database]: { kind: "postgres" as const, url } };
    return await startDataApi({ databases, secrets, accessKeyId });
  } catch (error) {
    if (error instanceof OptionError) throw new StartFailure(`DATABASE_URL can't be used: ${error.message}`);
    if (!(error instanceof DatabaseConnectionError)) throw error;
    throw new StartFailure(
      `DATABASE_URL can't be used: ${error.message} Start that server, or unset the variable to use the embedded database.`,
    );
  }
}

/**
 * Whether the database can be used, and have a role for the application.
 * @returns what to tell the user, if its user can't make one; undefined if it can
 * @throws StartFailure if it can't be used
 */
export async function checkPostgres(
  url: string,
  database: string,
  accessKeyId: string,
): Promise<string | undefined> {
  const server = await startOverPostgres(url, database, { [SECRET_ARNS.owner]: "owner" }, accessKeyId);
  try {
    const { version, user, makesRoles } = await askOwner(server.url, database, accessKeyId);
    if (version < OLDEST) {
      throw new StartFailure(`DATABASE_URL leads to a PostgreSQL ${version}: it must be ${OLDEST} or later.`);
    }
    if (makesRoles) return undefined;
    return `The user "${user}" of DATABASE_URL does not own the database "${database}" or can't make roles. So the API works as "${user}", and not as a role that can only read and write rows. A superuser changes that by: alter role "${user}" createrole; alter database "${database}" owner to "${user}";`;
  } finally {
    await server.close();
  }
}

const QUESTION = `select current_setting('server_version_num')::int / 10000, rolname::text,
  rolsuper or (rolcreaterole and pg_has_role(datdba, 'usage'))
  from pg_roles, pg_database where rolname = current_user and datname = current_database()`;

/** @param server address of its Data API server */
async function askOwner(server: string, database: string, accessKeyId: string) {
  const response = await fetch(`${server}/Execute`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/local/rds-data/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({
      resourceArn: "arn:aws:rds:local:000000000000:cluster:notejam",
      secretArn: SECRET_ARNS.owner,
      database,
      sql: QUESTION,
    }),
  });
  const { records, message } = (await response.json()) as {
    records?: [{ longValue: number }, { stringValue: string }, { booleanValue: boolean }][];
    message?: string;
  };
  const [row] = records ?? [];
  if (!row) throw new StartFailure(`DATABASE_URL can't be used: ${message}`);
  const [version, user, makesRoles] = row;
  return { version: version.longValue, user: user.stringValue, makesRoles: makesRoles.booleanValue };
}
