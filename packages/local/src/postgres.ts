// The user's PostgreSQL instead of the embedded database: it must be reachable and new enough.
import { type DataApiServer, DatabaseConnectionError, OptionError, startDataApi } from "@notejam/data-api";
import { StartFailure } from "./start-failure.ts";

/** The version of Aurora and PGlite. Statements are tested on these. */
const OLDEST = 18;

/**
 * @param url `postgres://user:password@host:port/database`
 * @throws StartFailure if it can't be used
 */
export async function startOverPostgres(url: string, database: string): Promise<DataApiServer> {
  let server: DataApiServer;
  try {
    server = await startDataApi({ databases: { [database]: { kind: "postgres", url } } });
  } catch (error) {
    if (error instanceof OptionError) throw new StartFailure(`DATABASE_URL can't be used: ${error.message}`);
    if (!(error instanceof DatabaseConnectionError)) throw error;
    throw new StartFailure(
      `DATABASE_URL can't be used: ${error.message} Start that server, or unset the variable to use the embedded database.`,
    );
  }
  try {
    const version = await majorVersion(server.url, database);
    if (version >= OLDEST) return server;
    throw new StartFailure(`DATABASE_URL leads to a PostgreSQL ${version}: it must be ${OLDEST} or later.`);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** @param server address of its Data API server */
async function majorVersion(server: string, database: string): Promise<number> {
  const response = await fetch(`${server}/Execute`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization:
        "AWS4-HMAC-SHA256 Credential=example/20260101/local/rds-data/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify({
      resourceArn: "arn:aws:rds:local:000000000000:cluster:notejam",
      secretArn: "arn:aws:secretsmanager:local:000000000000:secret:notejam",
      database,
      sql: "select current_setting('server_version_num')::int / 10000",
    }),
  });
  const { records, message } = (await response.json()) as {
    records?: { longValue: number }[][];
    message?: string;
  };
  if (!records) throw new StartFailure(`DATABASE_URL can't be used: ${message}`);
  return records[0]?.[0]?.longValue ?? 0;
}
