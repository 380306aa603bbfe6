// What the conformance tests share: a server over each engine, and the real SDK client that talks to it.
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type Field,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
  type TypeHint,
} from "@aws-sdk/client-rds-data";
import {
  type Call,
  type DataApiOptions,
  type DataApiServer,
  type DatabaseOptions,
  LIMITS,
  ManualClock,
  startDataApi,
} from "@notejam/data-api";
import pg from "pg";
import { afterAll, beforeAll, inject, vi } from "vitest";

export const ENGINES = ["pglite", "postgres"] as const;
export type EngineKind = (typeof ENGINES)[number];

const DATABASE = "notejam";
export const ARNS = {
  resourceArn: "arn:aws:rds:eu-west-1:000000000000:cluster:local",
  secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:local",
};

/** What the SDK says where the connection was cut without an answer. */
export const gone = /socket hang up|ECONNRESET/;

type ExecuteOptions = Partial<Omit<ExecuteStatementCommandInput, "sql" | "parameters">>;

type ServerOptions = Partial<Omit<DataApiOptions, "databases">>;

/** An embedded server that blocks use one after the other: emptying it takes a tenth of the time of a new one. */
class SharedServer {
  readonly clock = new ManualClock();
  readonly calls: Call[] = [];
  #started: Promise<DataApiServer> | undefined;

  /** The server, empty. It ends with the worker. */
  async emptied(): Promise<DataApiServer> {
    const isNew = this.#started === undefined;
    this.#started ??= this.#start();
    const server = await this.#started;
    if (!isNew) {
      // Transactions that a test has left open expire.
      this.clock.advance(LIMITS.transactionMs);
      await clientOf(server).send(new ExecuteStatementCommand({ ...ARNS, sql: DROP_ALL }));
    }
    this.calls.length = 0;
    return server;
  }

  async #start() {
    return startDataApi({
      databases: { [DATABASE]: await embedded() },
      clock: this.clock,
      onCall: (call) => this.calls.push(call),
    });
  }
}

const DROP_ALL = `do $$ declare name text; begin
  for name in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema)' loop
    execute format('drop schema %I cascade', name);
  end loop;
  create schema public;
end $$`;

// A worker loads this file once, or once for each test file.
const holder = globalThis as typeof globalThis & { dataApiShared?: SharedServer };
holder.dataApiShared ??= new SharedServer();
const shared = holder.dataApiShared;

/** One server for the tests of a block, started before the first and closed after the last. */
export class DataApi {
  readonly clock: ManualClock;
  readonly calls: Call[];
  readonly kind: EngineKind;
  readonly #isShared: boolean;
  readonly #inDirectory: boolean;
  readonly #options: ServerOptions;
  #directory: string | undefined;
  #postgresUrl = "";
  #server: DataApiServer | undefined;
  #client: RDSDataClient | undefined;

  /**
   * @param dataDir PGlite keeps its data in a directory rather than in memory
   * @param oneForAll over PGlite, the server that other blocks use too: for tests that leave no more behind than tables
   * @param options the server's own
   */
  constructor(
    kind: EngineKind,
    {
      dataDir = false,
      oneForAll = false,
      ...options
    }: { dataDir?: boolean; oneForAll?: boolean } & ServerOptions = {},
  ) {
    this.kind = kind;
    this.#isShared = oneForAll && kind === "pglite";
    this.#inDirectory = dataDir;
    this.#options = options;
    this.clock = this.#isShared ? shared.clock : new ManualClock();
    this.calls = this.#isShared ? shared.calls : [];
    beforeAll(() => this.#start());
    afterAll(async () => {
      if (!this.#isShared) await this.#server?.close();
      if (this.#directory) await rm(this.#directory, { recursive: true });
    });
  }

  get server(): DataApiServer {
    if (!this.#server) throw new Error("The server is started before the first test.");
    return this.#server;
  }

  get client(): RDSDataClient {
    this.#client ??= clientOf(this.server);
    return this.#client;
  }

  async #start() {
    if (this.#isShared) {
      this.#server = await shared.emptied();
      return;
    }
    this.#server = await startDataApi({
      databases: { [DATABASE]: await this.#database() },
      clock: this.clock,
      ...this.#options,
      onCall: (call) => this.calls.push(call),
    });
  }

  async #database(): Promise<DatabaseOptions> {
    if (this.kind === "postgres") {
      this.#postgresUrl = await emptyDatabase();
      return { kind: "postgres", url: this.#postgresUrl };
    }
    if (!this.#inDirectory) return embedded();
    this.#directory = await mkdtemp(join(tmpdir(), "data-api-test-"));
    return { ...(await embedded()), dataDir: this.#directory };
  }

  /** Waits until a call that was sent has begun to run, or to wait for its turn: its 45 seconds have begun. */
  async begun(): Promise<void> {
    await vi.waitUntil(() => this.clock.due.includes(LIMITS.callMs), { timeout: 20_000, interval: 5 });
  }

  /** Waits until the server is reading a request's body. */
  async receiving(): Promise<void> {
    await vi.waitUntil(() => this.clock.due.includes(LIMITS.requestMs), { timeout: 20_000, interval: 1 });
  }

  /** Waits until a call waits out its planned latency, of a second at most. */
  async delayed(): Promise<void> {
    await vi.waitUntil(() => this.clock.due.some((ms) => ms <= 1_000), { timeout: 20_000, interval: 1 });
  }

  /** Waits until the engine is at work on a statement that was sent. */
  async running(sql: string): Promise<void> {
    await this.begun();
    if (this.kind === "pglite") return; // its backend can't be asked meanwhile
    await this.#aside(async (client) => {
      const found = "select from pg_stat_activity where query = $1 and state = 'active'";
      while ((await client.query(found, [sql])).rowCount === 0) await new Promise(setImmediate);
    });
  }

  /** Cuts every connection that the server has to PostgreSQL. */
  terminateOthers(): Promise<void> {
    return this.#aside(async (client) => {
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
    });
  }

  async #aside(use: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: this.#postgresUrl });
    await client.connect();
    try {
      await use(client);
    } finally {
      await client.end();
    }
  }

  async execute(
    sql: string,
    parameters: SqlParameter[] = [],
    options: ExecuteOptions = {},
    abortSignal?: AbortSignal,
  ) {
    const { $metadata, ...answer } = await this.client.send(
      new ExecuteStatementCommand({ ...ARNS, database: DATABASE, sql, parameters, ...options }),
      { abortSignal },
    );
    return answer;
  }

  /** The one Field of the one row. */
  async value(sql: string, parameters: SqlParameter[] = [], options: ExecuteOptions = {}): Promise<Field> {
    const { records } = await this.execute(sql, parameters, options);
    const field = records?.[0]?.[0];
    if (records?.length !== 1 || records[0]?.length !== 1 || !field) {
      throw new Error(`${sql} gives no single value.`);
    }
    return field;
  }

  async batch(sql: string, parameterSets: SqlParameter[][], transactionId?: string) {
    const { $metadata, ...answer } = await this.client.send(
      new BatchExecuteStatementCommand({ ...ARNS, database: DATABASE, sql, parameterSets, transactionId }),
    );
    return answer;
  }

  async begin(): Promise<string> {
    const { transactionId } = await this.client.send(
      new BeginTransactionCommand({ ...ARNS, database: DATABASE }),
    );
    if (!transactionId) throw new Error("There is no transaction id.");
    return transactionId;
  }

  commit(transactionId: string) {
    return this.client.send(new CommitTransactionCommand({ ...ARNS, transactionId }));
  }

  rollback(transactionId: string) {
    return this.client.send(new RollbackTransactionCommand({ ...ARNS, transactionId }));
  }

  /** A request as somebody without the SDK would send it; a header of undefined is left out. */
  async post(
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string | undefined> = {},
    method = "POST",
  ): Promise<{ status: number; type: string | null; body: { message?: string } & Record<string, unknown> }> {
    const all = { authorization: SIGNED, "content-type": "application/json", ...headers };
    const response = await fetch(this.server.url + path, {
      method,
      headers: Object.fromEntries(
        Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]),
      ),
      ...(method === "GET" ? {} : { body: Buffer.from(body) }),
    });
    const answered = JSON.parse(await response.text());
    return { status: response.status, type: response.headers.get("x-amzn-errortype"), body: answered };
  }
}

/** The dump of an empty embedded database. To start from it takes a third of the time of a new one. */
export async function emptyDump(): Promise<Blob> {
  return new Blob([await readFile(inject("emptyDump"))]);
}

/** An empty embedded database in memory. */
export async function embedded() {
  return { kind: "pglite", loadFrom: await emptyDump() } as const;
}

/** The real SDK's client, which tries each call once. */
export function clientOf({ url }: { url: string }): RDSDataClient {
  return new RDSDataClient({
    endpoint: url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
}

export const SIGNED =
  "AWS4-HMAC-SHA256 Credential=local/20240501/eu-west-1/rds-data/aws4_request, SignedHeaders=host, Signature=00";

/** The address of a new, empty database on the suite's PostgreSQL. */
export async function emptyDatabase(): Promise<string> {
  const url = new URL(inject("postgresUrl"));
  const name = `data_api_${randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}

export const text = (name: string, stringValue: string, typeHint?: TypeHint): SqlParameter => ({
  name,
  value: { stringValue },
  ...(typeHint && { typeHint }),
});
export const long = (name: string, longValue: number): SqlParameter => ({ name, value: { longValue } });
export const double = (name: string, doubleValue: number): SqlParameter => ({ name, value: { doubleValue } });
export const bool = (name: string, booleanValue: boolean): SqlParameter => ({
  name,
  value: { booleanValue },
});
export const blob = (name: string, blobValue: Uint8Array): SqlParameter => ({ name, value: { blobValue } });
export const nothing = (name: string, typeHint?: TypeHint): SqlParameter => ({
  name,
  value: { isNull: true },
  ...(typeHint && { typeHint }),
});
