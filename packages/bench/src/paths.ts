// The ways to a database that are compared: directly, by a bare HTTP connection, by the AWS SDK.
import { connect, type Socket } from "node:net";
import { ExecuteStatementCommand, RDSDataClient, type SqlParameter } from "@aws-sdk/client-rds-data";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { DATABASE } from "./server.ts";
import { SETUP, type Statement } from "./statements.ts";

/** One way, by some number of connections. */
export interface Path {
  /** Runs a statement by the connection with this number, from 0. `call` counts calls. */
  call(connection: number, statement: Statement, call: number): Promise<unknown>;
  close(): Promise<void>;
}

/** A PGlite in this process. All calls share its one backend. */
export async function openPGlite(): Promise<Path & { version: string }> {
  const database = await PGlite.create();
  for (const sql of SETUP) await database.exec(sql);
  const { rows } = await database.query<{ server_version: string }>("show server_version");
  return {
    version: rows[0]?.server_version ?? "",
    call: (_connection, { direct, values }, call) => database.query(direct, Object.values(values(call))),
    close: () => database.close(),
  };
}

export async function openPostgres(url: string, connections: number): Promise<Path> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  return {
    call: async (connection, { direct, values }, call) =>
      clients[connection]?.query(direct, Object.values(values(call))),
    async close() {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

const ARNS = {
  resourceArn: "arn:aws:rds:eu-west-1:000000000000:cluster:local",
  secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:local",
};

function requestOf({ dataApi, values }: Statement, call: number) {
  const parameters = Object.entries(values(call)).map(
    ([name, value]): SqlParameter => ({
      name,
      value: typeof value === "number" ? { longValue: value } : { stringValue: value },
    }),
  );
  return { ...ARNS, database: DATABASE, sql: dataApi, parameters };
}

/** Connections that stay open, and as little around them as HTTP allows: what is left is the server's. */
export async function openHttp(url: string, connections: number): Promise<Path> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(url)));
  return {
    call: async (connection, statement, call) =>
      open[connection]?.post("/Execute", JSON.stringify(requestOf(statement, call))),
    async close() {
      for (const connection of open) connection.close();
    },
  };
}

export function openSdk(url: string, connections: number): Path {
  const client = new RDSDataClient({
    endpoint: url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: connections } },
  });
  return {
    call: (_connection, statement, call) =>
      client.send(new ExecuteStatementCommand(requestOf(statement, call))),
    async close() {
      client.destroy();
    },
  };
}

/** One request at a time, answered with a Content-Length. */
class HttpConnection {
  readonly #socket: Socket;
  readonly #host: string;
  #received: Buffer = Buffer.alloc(0);
  #answered: { resolve(body: Buffer): void; reject(error: Error): void } | undefined;

  static open(url: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new HttpConnection(socket, host)));
    });
  }

  constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.on("data", (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    const cut = () => this.#answered?.reject(new Error("The server cut the connection."));
    socket.on("error", cut).on("close", cut);
  }

  post(path: string, body: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#answered = { resolve, reject };
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\n` +
          `Authorization: AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=00\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(): void {
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const head = this.#received.toString("latin1", 0, headEnd);
    const start = headEnd + "\r\n\r\n".length;
    const end = start + Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (this.#received.length < end) return;
    const body = this.#received.subarray(start, end);
    this.#received = this.#received.subarray(end);
    if (head.startsWith("HTTP/1.1 200 ")) this.#answered?.resolve(body);
    else this.#answered?.reject(new Error(`The server answered ${head.split("\r\n", 1)[0]}: ${body}`));
  }
}
