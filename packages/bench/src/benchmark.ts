// What a call of the local Data API costs beyond the statement itself, and where the time goes.
import { startPostgres } from "@notejam/data-api/testing/postgres";
import pg from "pg";
import type { Figures, Measurement } from "./figures.ts";
import { describeMachine } from "./machine.ts";
import { openHttp, openPGlite, openPostgres, openSdk, type Path } from "./paths.ts";
import { Samples } from "./samples.ts";
import { type MeasuredServer, startServer } from "./server.ts";
import { SETUP, STATEMENTS, type Statement } from "./statements.ts";

const CONNECTIONS = [1, 16];

interface Options {
  /** How often each thing is done in a round. */
  calls: number;
  /** How many rounds count; one more goes first, to warm up. */
  rounds: number;
  /** Receives a line about what is being done. */
  say(line: string): void;
}

/** An engine under measurement: directly, and behind the server. */
interface Subject {
  engine: string;
  version: string;
  server: MeasuredServer;
  openDirect(connections: number): Promise<Path>;
  close(): Promise<void>;
}

export async function measureDataApi(options: Options): Promise<Figures> {
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
  return { ...machine, pglite, postgresql, calls, rounds, measurements };
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
  const by = { direct: new Samples(), http: new Samples(), sdk: new Samples(), reset: new Samples() };
  const own = { whole: new Samples(), wait: new Samples(), database: new Samples() };
  for (let round = 0; round <= rounds; round++) {
    const which = round === 0 ? "warming up" : `round ${round} of ${rounds}`;
    say(`${engine}, ${connections} connection${connections > 1 ? "s" : ""}, ${statement.name}: ${which}`);
    // What only warms up is not kept.
    const keep = (samples: Samples) => (round === 0 ? new Samples() : samples);
    await time(paths.direct, statement, connections, calls, keep(by.direct));
    await time(paths.http, statement, connections, calls, keep(by.http));
    const taken = await server.takeCalls();
    keep(own.whole).add(taken.map(({ ms }) => ms));
    keep(own.wait).add(taken.map(({ waitMs }) => waitMs));
    keep(own.database).add(taken.map(({ databaseMs }) => databaseMs));
    await time(paths.sdk, statement, connections, calls, keep(by.sdk));
    await time(paths.direct, RESET, connections, calls, keep(by.reset));
    await server.takeCalls();
  }
  const [whole, wait, database] = [own.whole.medianUs, own.wait.medianUs, own.database.medianUs];
  const { callsPerSecond } = by.http.times;
  return {
    engine,
    statement: statement.name,
    connections,
    direct: by.direct.times,
    server: { medianUs: whole, p99Us: own.whole.percentileUs(99), callsPerSecond },
    ratio: Math.round((10 * whole) / by.direct.medianUs) / 10,
    http: by.http.times,
    sdk: by.sdk.times,
    // The first is what is left of the whole call, so that all but the last add up to it.
    phases: [
      { name: "client and transport", us: by.http.medianUs - whole },
      { name: "reading and checking the request, writing the answer", us: whole - wait - database },
      { name: "waiting for a session", us: wait },
      { name: "database", us: database },
      { name: "reset, after the answer (alone)", us: by.reset.medianUs },
    ],
  };
}

/** Each connection makes its next call when the one before is answered, until `calls` were made. */
async function time(
  path: Path,
  statement: Statement,
  connections: number,
  calls: number,
  into: Samples,
): Promise<void> {
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
  into.add(ms, (performance.now() - started) / 1000);
}
