// The RDS Data API as a local server: the same calls as on AWS, over PGlite or any PostgreSQL.
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "./clock.ts";
import type { Engine } from "./engine/engine.ts";
import { startPGlite } from "./engine/pglite.ts";
import { startPostgresEngine } from "./engine/postgres.ts";
import { OptionError } from "./errors.ts";
import { type Cluster, Faults } from "./faults/faults.ts";
import { CallLog } from "./http/calls.ts";
import { HttpServer } from "./http/server.ts";
import { Operations } from "./operations/operations.ts";
import {
  checkOptions,
  type DataApiOptions,
  type DatabaseOptions,
  MAX_CONNECTIONS_DEFAULT,
} from "./options.ts";

export { type Clock, ManualClock } from "./clock.ts";
export { DataDirectoryError } from "./engine/data-directory.ts";
export { DatabaseConnectionError } from "./engine/postgres.ts";
export { type ErrorType, OptionError } from "./errors.ts";
export type { ServiceError } from "./faults/answers.ts";
export type { Fault, Pattern } from "./faults/fault.ts";
export type { FaultName, Faults, FaultsInForce, Resuming } from "./faults/faults.ts";
export type { Latency } from "./faults/latency.ts";
export type { Call, CallCounts, CallLog } from "./http/calls.ts";
export { LIMITS } from "./limits.ts";
export type { RecordedParameter } from "./operations/call-facts.ts";
export type { Operation } from "./operations/operation.ts";
export type { DataApiOptions, DatabaseOptions } from "./options.ts";
export type { Credentials, Secret } from "./secret.ts";

export interface DataApiServer {
  /** What the SDK is given as its endpoint, `http://127.0.0.1:40001`. */
  url: string;
  port: number;
  faults: Faults;
  calls: CallLog;
  /**
   * An embedded database as a compressed tar archive, for `loadFrom`; the first unless named.
   * @throws Error over PostgreSQL, OptionError for an unknown name.
   */
  dump(database?: string): Promise<Uint8Array>;
  /** Ends open transactions, connections and the engines; what runs is stopped. Once is enough. */
  close(): Promise<void>;
}

/**
 * Starts the databases and the server; it is ready when this resolves.
 * @throws OptionError, DataDirectoryError, DatabaseConnectionError, Error if a database in memory does not start, or
 *   the system's error (EADDRINUSE) for the port.
 */
export async function startDataApi(options: DataApiOptions): Promise<DataApiServer> {
  checkOptions(options);
  const { port = 0, clock = systemClock } = options;
  const engines = await startEngines(options.databases, clock);
  const operations = new Operations({ ...options, engines, clock });
  const { transactions } = operations;
  const cluster: Cluster = {
    async failOver() {
      http.cut("failover");
      await Promise.all(Array.from(engines.values(), (engine) => engine.failover()));
      transactions.endLost();
    },
    loseTransaction: (id) => transactions.lose(id),
  };
  const faults = new Faults({ ...options, clock, cluster });
  const calls = new CallLog();
  const http = new HttpServer({
    operations,
    faults,
    calls,
    onCall: options.onCall,
    onError: options.onError ?? console.error,
    clock,
    accessKeyId: options.accessKeyId,
  });
  const { server } = http;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  } catch (error) {
    await closeEngines(engines.values());
    throw error;
  }
  const address = server.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    http.cut("close");
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await ended;
    transactions.close();
    await closeEngines(engines.values());
  }

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    faults,
    calls,
    async dump(database) {
      const [first] = engines.keys();
      const engine = engines.get(database ?? first ?? "");
      if (!engine) throw new OptionError(`No database is called "${database}".`);
      return engine.dump();
    },
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

/** Starts all of them or none: if one does not start, the others are closed. */
async function startEngines(
  databases: Record<string, DatabaseOptions>,
  clock: Clock,
): Promise<Map<string, Engine>> {
  const starting = Object.entries(databases).map(
    async ([name, database]) => [name, await startEngine(database, clock)] as const,
  );
  const outcomes = await Promise.allSettled(starting);
  const started = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (!failed) return new Map(started);
  await closeEngines(started.map(([, engine]) => engine));
  throw failed.reason;
}

async function closeEngines(engines: Iterable<Engine>): Promise<void> {
  await Promise.all(Array.from(engines, (engine) => engine.close()));
}

function startEngine(database: DatabaseOptions, clock: Clock): Promise<Engine> {
  if (database.kind === "postgres") {
    return startPostgresEngine({
      url: database.url,
      maxConnections: database.maxConnections ?? MAX_CONNECTIONS_DEFAULT,
      clock,
    });
  }
  const { dataDir, loadFrom } = database;
  return startPGlite({
    dataDir,
    loadFrom: loadFrom instanceof Uint8Array ? new Blob([Buffer.from(loadFrom)]) : loadFrom,
    clock,
  });
}
