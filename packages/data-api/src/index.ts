// The RDS Data API as a local server: the same calls as on AWS, over PGlite or any PostgreSQL.
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "./clock.ts";
import { startPGlite } from "./engine/pglite.ts";
import { startPostgresEngine } from "./engine/postgres.ts";
import { Faults } from "./faults.ts";
import { createOperations } from "./operations.ts";
import { type Call, createDataApiServer } from "./server.ts";

export { type Clock, ManualClock } from "./clock.ts";
export { DataDirectoryError } from "./engine/data-directory.ts";
export { DatabaseConnectionError } from "./engine/postgres.ts";
export type { Fault, Faults } from "./faults.ts";
export { LIMITS } from "./limits.ts";
export type { Operation } from "./operations.ts";
export type { Call } from "./server.ts";

export interface DataApiOptions {
  engine:
    | {
        kind: "pglite";
        /** Where the database is kept; made where it is missing. In memory unless given. */
        dataDir?: string;
        /** A dump to start from: what `dump()` gave. */
        loadFrom?: Uint8Array | Blob;
      }
    | {
        kind: "postgres";
        /** `postgres://user:password@host:port/database`. */
        url: string;
        /** Connections at most, 10 unless told. Each open transaction holds one. */
        maxConnections?: number;
      };
  /** The address to listen on, 127.0.0.1 unless told. */
  host?: string;
  /** 0 (a free one) unless told. */
  port?: number;
  /** The name that requests may give as `database`: over PostgreSQL the one in `url`, otherwise "notejam", unless told. */
  database?: string;
  /** Told of each call when it has ended. */
  onCall?: (call: Call) => void;
  /** What expiry and time-outs go by; tests move one of their own. */
  clock?: Clock;
}

export interface DataApiServer {
  /** What the SDK is given as its endpoint, `http://127.0.0.1:40001`. */
  url: string;
  port: number;
  faults: Faults;
  /** The embedded database as a compressed archive. @throws Error over PostgreSQL. */
  dump(): Promise<Uint8Array>;
  /** Ends open transactions, connections and the engine; what runs is stopped. Once is enough. */
  close(): Promise<void>;
}

/**
 * Starts the database and the server; it is ready when this resolves.
 * @throws DataDirectoryError, DatabaseConnectionError, or the system's error (EADDRINUSE) for the port.
 */
export async function startDataApi(options: DataApiOptions): Promise<DataApiServer> {
  const { host = "127.0.0.1", port = 0, clock = systemClock } = options;
  const database = options.database ?? databaseOf(options.engine);
  const engine = await startEngine(options.engine, clock);
  const operations = createOperations(engine, database, clock);
  const faults = new Faults(clock);
  const server = createDataApiServer({ operations, faults, onCall: options.onCall });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await engine.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;

  let closed: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await ended;
    operations.transactions.close();
    await engine.close();
  }

  return {
    url: `http://${shown}:${address.port}`,
    port: address.port,
    faults,
    dump: () => engine.dump(),
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

function databaseOf(engine: DataApiOptions["engine"]): string {
  return engine.kind === "postgres" ? decodeURIComponent(new URL(engine.url).pathname.slice(1)) : "notejam";
}

function startEngine(engine: DataApiOptions["engine"], clock: Clock) {
  if (engine.kind === "postgres") {
    return startPostgresEngine({ url: engine.url, maxConnections: engine.maxConnections ?? 10 });
  }
  const { dataDir, loadFrom } = engine;
  return startPGlite({
    dataDir,
    loadFrom: loadFrom instanceof Uint8Array ? new Blob([Buffer.from(loadFrom)]) : loadFrom,
    clock,
  });
}
