// What the benchmark measures: the shape of what `--json` prints.
import type { describeMachine } from "./machine.ts";
import type { Times } from "./samples.ts";

/** One statement over one engine, by some number of connections. */
export interface Measurement {
  engine: string;
  statement: string;
  connections: number;
  /** The database's own client, without the Data API. */
  direct: Times;
  /** From a request's arrival at the server until the answer is handed over. The pace is `http`'s. */
  server: Times;
  /** The server's median by the direct call's. */
  ratio: number;
  /** The whole call, by a bare HTTP connection. */
  http: Times;
  /** The whole call, by the AWS SDK. */
  sdk: Times;
  /** The parts of a whole call over bare HTTP, in its order. */
  phases: Phase[];
}

export interface Phase {
  name: string;
  us: number;
}

export interface Figures extends ReturnType<typeof describeMachine> {
  pglite: string;
  postgresql: string;
  calls: number;
  rounds: number;
  measurements: Measurement[];
}
