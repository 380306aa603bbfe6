// What a call of the local Data API costs beyond the statement itself, and where the time goes.
import { startPostgres } from "@notejam/data-api/testing/postgres";
import pg from "pg";
import type { Benchmark, Options, Report } from "../benchmark.ts";
import { describeMachine } from "../machine.ts";
import { median, quantile } from "../statistics.ts";
import type { Figures, Measurement, Times } from "./figures.ts";
import { openHttp, openPGlite, openPostgres, openSdk, type Path } from "./paths.ts";
import { phasesOf } from "./phases.ts";
import { writeReport } from "./report.ts";
import { type MeasuredServer, startServer } from "./server.ts";
import { SETUP, STATEMENTS, type Statement } from "./statements.ts";

const CONNECTIONS = [1, 16];

export const dataApi: Benchmark = {
  summary: "what a call of the local Data API server costs, beside the same statement without it",
  run: measureAll,
};

/** An engine under measurement: directly, and behind the server. */
interface Subject {
  engine: string;
  version: string;
  server: MeasuredServer;
  openDirect(connections: number): Promise<Path>;
  close(): Promise<void>;
}

async function measureAll(options: Options): Promise<Report> {
  const machine = describeMachine();
  const measurements: Measurement[] = [];
  const versions: string[] = [];
  for (const start of [startPGliteSubject, startPostgresSubject]) {
    options.say("starting a database");
    const subject = await start();
    versions.push(subject.version);
    try {
      for (const connections of CONNECTIONS) {
        measurements.push(...(await measureSubject(subject, connections, options)));
      }
    } finally {
      await subject.close();
    }
  }
  const [pglite = "", postgresql = ""] = versions;
  const { calls, rounds } = options;
  const figures: Figures = {
    benchmark: "data-api",
    ...machine,
    pglite,
    postgresql,
    calls,
    rounds,
    measurements,
  };
  return { figures, text: writeReport(figures) };
}

async function startPGliteSubject(): Promise<Subject> {
  const direct = await openPGlite();
  const server = await startServer({ kind: "pglite" });
  await fill(server.url);
  return {
    engine: "PGlite",
    version: direct.version,
    server,
    openDirect: async () => ({ ...direct, close: async () => {} }),
    async close() {
      await server.close();
      await direct.close();
    },
  };
}

async function startPostgresSubject(): Promise<Subject> {
  const postgres = await startPostgres();
  const url = await postgres.createDatabase("bench");
  const server = await startServer({ kind: "postgres", url, maxConnections: Math.max(...CONNECTIONS) });
  await fill(server.url);
  return {
    engine: "PostgreSQL",
    version: await versionOf(url),
    server,
    openDirect: (connections) => openPostgres(url, connections),
    async close() {
      await server.close();
      await postgres.close();
    },
  };
}

/** Through the server, which is thereby seen to work. */
async function fill(url: string): Promise<void> {
  const http = await openHttp(url, 1);
  for (const sql of SETUP) {
    await http.call(0, { name: "", direct: "", dataApi: sql, values: () => ({}) }, 0);
  }
  await http.close();
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("show server_version");
  await client.end();
  return rows[0].server_version;
}

async function measureSubject(
  subject: Subject,
  connections: number,
  options: Options,
): Promise<Measurement[]> {
  const { url } = subject.server;
  const direct = await subject.openDirect(connections);
  const http = await openHttp(url, connections);
  const sdk = openSdk(url, connections);
  const measured: Measurement[] = [];
  for (const statement of STATEMENTS) {
    measured.push(await measure(subject, { direct, http, sdk }, statement, connections, options));
  }
  for (const path of [direct, http, sdk]) await path.close();
  return measured;
}

const RESET: Statement = { name: "reset", direct: "discard all", dataApi: "", values: () => ({}) };

async function measure(
  { engine, server }: Subject,
  paths: { direct: Path; http: Path; sdk: Path },
  statement: Statement,
  connections: number,
  { calls, rounds, say }: Options,
): Promise<Measurement> {
  const direct = new Samples();
  const http = new Samples();
  const sdk = new Samples();
  const reset = new Samples();
  const own = [];
  for (let round = 0; round <= rounds; round++) {
    const which = round === 0 ? "warming up" : `round ${round} of ${rounds}`;
    say(`${engine}, ${connections} connection${connections > 1 ? "s" : ""}, ${statement.name}: ${which}`);
    const timings = {
      direct: await time(paths.direct, statement, connections, calls),
      http: await time(paths.http, statement, connections, calls),
      own: await server.takeCalls(),
      sdk: await time(paths.sdk, statement, connections, calls),
      reset: await time(paths.direct, RESET, connections, calls),
    };
    await server.takeCalls();
    if (round === 0) continue;
    direct.add(timings.direct);
    http.add(timings.http);
    sdk.add(timings.sdk);
    reset.add(timings.reset);
    own.push(...timings.own);
  }
  const serverMs = own.map(({ ms }) => ms);
  return {
    engine,
    statement: statement.name,
    connections,
    direct: direct.times(),
    server: { ...http.times(), medianUs: us(median(serverMs)), p99Us: us(quantile(serverMs, 0.99)) },
    ratio: Math.round((10 * median(serverMs)) / median(direct.ms)) / 10,
    http: http.times(),
    sdk: sdk.times(),
    phases: phasesOf(own, median(http.ms), median(reset.ms)),
  };
}

const us = (ms: number) => Math.round(ms * 1000);

/** What was timed in all rounds. */
class Samples {
  readonly ms: number[] = [];
  #seconds = 0;

  add({ ms, seconds }: Timed): void {
    this.ms.push(...ms);
    this.#seconds += seconds;
  }

  times(): Times {
    return {
      medianUs: us(median(this.ms)),
      p99Us: us(quantile(this.ms, 0.99)),
      callsPerSecond: Math.round(this.ms.length / this.#seconds),
    };
  }
}

interface Timed {
  /** Of each call. */
  ms: number[];
  /** From the first call's start to the last one's end. */
  seconds: number;
}

/** Each connection makes its next call when the one before is answered, until `calls` were made. */
async function time(path: Path, statement: Statement, connections: number, calls: number): Promise<Timed> {
  const ms: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      while (next < calls) {
        const call = next++;
        const begun = performance.now();
        await path.call(connection, statement, call);
        ms.push(performance.now() - begun);
      }
    }),
  );
  return { ms, seconds: (performance.now() - started) / 1000 };
}
