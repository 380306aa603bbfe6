// Faults on demand: what the service does on a bad day, for one call or for a while. What happens to a call is
// decided when it arrives, so that the same seed and the same order of calls give the same faults and latencies.
import { randomInt } from "node:crypto";
import * as z from "zod/mini";
import type { Clock } from "../clock.ts";
import type { DataApiError } from "../errors.ts";
import type { Operation } from "../operations/operation.ts";
import { transactionNotFound } from "../operations/transactions.ts";
import { members, milliseconds, oneMember, read, wholeNumber } from "../schema.ts";
import { serviceError, sqlStateError, statusError } from "./answers.ts";
import { type Fault, type PlannedFault, readFault, type When } from "./fault.ts";
import { drawMs, type Latency, latencySchema } from "./latency.ts";
import { Random, SEED_MAX, seedSchema } from "./random.ts";

/** How long an auto-paused cluster takes to wake up: a number of calls, or milliseconds. */
export type Resuming = { calls: number } | { ms: number };

const resumingSchema = oneMember({ calls: z.optional(wholeNumber(1)), ms: z.optional(milliseconds) });
const failoverSchema = members({ ms: milliseconds });

/** What is planned, and what is in force now. */
export interface FaultsInForce {
  /** What draws are made from since it was set. */
  seed: number;
  latency?: Latency;
  /** What is left of it. */
  resuming?: Resuming;
  /** What is left of the time in which calls fail. */
  failover?: { ms: number };
  /** In the order in which they are tried. */
  planned: (Fault & { struck: number })[];
}

/** The name of a fault in the log of calls. */
export type FaultName = Fault["kind"] | "resuming" | "failover";

/** What is to happen to a call that has arrived. */
export interface FaultDecision {
  latencyMs: number;
  fault: InjectedFault | undefined;
}

export interface InjectedFault {
  name: FaultName;
  when: When;
  /** What the call is answered with; undefined if its connection is cut. */
  error: DataApiError | undefined;
}

/** What the faults are made for. */
export interface Cluster {
  /** Cuts what is in flight and ends every session; resolves when the databases are there again. */
  failOver(): Promise<void>;
  loseTransaction(id: string): void;
}

export interface FaultsOptions {
  clock: Clock;
  cluster: Cluster;
  seed?: number | undefined;
  latency?: Latency | undefined;
}

/** A call, as far as faults look at it. */
export interface Arrived {
  operation: Operation;
  sql?: string | undefined;
  transactionId?: string | undefined;
}

export class Faults {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #usualLatency: Latency | undefined;
  #latency: Latency | undefined;
  #seed = 0;
  #chances = new Random(0, 0);
  #delays = new Random(0, 0);
  #planned: PlannedFault[] = [];
  #resumingCalls = 0;
  #resumingUntil = Number.NEGATIVE_INFINITY;
  #unavailableUntil = Number.NEGATIVE_INFINITY;
  #failingOver = 0;

  /** @throws OptionError */
  constructor({ clock, cluster, seed = randomInt(SEED_MAX + 1), latency }: FaultsOptions) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.setSeed(seed);
    this.setLatency(latency);
    this.#usualLatency = this.#latency;
  }

  /**
   * Plans a fault for the next call, or calls, that it matches. Where several match, the one that was planned first
   * strikes, and no other.
   * @throws OptionError that names the member
   */
  plan(fault: Fault): void {
    this.#planned.push(readFault(fault));
  }

  /**
   * Lets the next `calls` calls, or all calls for `ms` milliseconds, find an auto-paused cluster that is waking up. It
   * replaces what was set before.
   * @throws OptionError that names the member
   */
  resuming(how: Resuming): void {
    const { calls = 0, ms = Number.NEGATIVE_INFINITY } = read(resumingSchema, how, "resuming");
    this.#resumingCalls = calls;
    this.#resumingUntil = this.#clock.now() + ms;
  }

  /**
   * The writer fails, and another instance takes over: the connections of calls under way are cut, open transactions
   * are lost, and calls fail for `ms` milliseconds. What was committed is there afterwards.
   * @returns when the databases are there again. Until then calls fail, even if `ms` have passed
   * @throws OptionError that names the member; Error if a database does not come back
   */
  async failover(how: { ms: number }): Promise<void> {
    const { ms } = read(failoverSchema, how, "failover");
    this.#unavailableUntil = this.#clock.now() + ms;
    this.#failingOver++;
    try {
      await this.#cluster.failOver();
    } finally {
      this.#failingOver--;
    }
  }

  /**
   * How long each call from now on is delayed before it runs; undefined for not at all.
   * @throws OptionError that names the member
   */
  setLatency(latency: Latency | undefined): void {
    this.#latency = latency === undefined ? undefined : read(latencySchema, latency, "latency");
  }

  /**
   * Starts the random numbers anew: the same seed gives the same ones.
   * @param seed a whole number of 32 bits
   * @throws OptionError
   */
  setSeed(seed: number): void {
    this.#seed = read(seedSchema, seed, "seed");
    // Two streams, so that a change of the latency does not change which faults strike.
    this.#chances = new Random(seed, 1);
    this.#delays = new Random(seed, 2);
  }

  /** What is planned and in force, as plain JSON. */
  list(): FaultsInForce {
    const now = this.#clock.now();
    const resumingMs = this.#resumingUntil - now;
    const failoverMs = Math.max(0, this.#unavailableUntil - now);
    return {
      seed: this.#seed,
      ...(this.#latency && { latency: this.#latency }),
      ...(this.#resumingCalls > 0
        ? { resuming: { calls: this.#resumingCalls } }
        : resumingMs > 0 && { resuming: { ms: resumingMs } }),
      ...((failoverMs > 0 || this.#failingOver > 0) && { failover: { ms: failoverMs } }),
      planned: this.#planned.map(({ fault, struck }) => ({ ...fault, struck })),
    };
  }

  /**
   * Forgets what is planned and ends what is in force; the latency is that of the start again.
   * @returns how many of the planned faults were still waiting: those with times left, "always" if it never struck
   */
  clear(): number {
    this.#resumingCalls = 0;
    this.#resumingUntil = Number.NEGATIVE_INFINITY;
    this.#unavailableUntil = Number.NEGATIVE_INFINITY;
    this.#latency = this.#usualLatency;
    const waiting = this.#planned.filter(({ times, struck }) => struck === 0 || Number.isFinite(times));
    this.#planned = [];
    return waiting.length;
  }

  /** For the server, once for each call that arrives. */
  decide(call: Arrived): FaultDecision {
    const latencyMs = this.#latency ? drawMs(this.#latency, this.#delays) : 0;
    return { latencyMs, fault: this.#inForce() ?? this.#plannedFor(call) };
  }

  #inForce(): InjectedFault | undefined {
    const now = this.#clock.now();
    if (this.#failingOver > 0 || now < this.#unavailableUntil) {
      return before("failover", serviceError("DatabaseUnavailableException"));
    }
    if (this.#resumingCalls === 0 && now >= this.#resumingUntil) return undefined;
    if (this.#resumingCalls > 0) this.#resumingCalls--;
    return before("resuming", serviceError("DatabaseResumingException"));
  }

  #plannedFor(call: Arrived): InjectedFault | undefined {
    const planned = this.#planned.find((one) => this.#strikes(one, call));
    if (!planned) return undefined;
    planned.struck++;
    if (planned.struck === planned.times) this.#planned.splice(this.#planned.indexOf(planned), 1);
    const { fault } = planned;
    if (fault.kind !== "lost-transaction") {
      return { name: fault.kind, when: fault.when ?? "before", error: errorOf(fault) };
    }
    const { transactionId = "" } = call;
    this.#cluster.loseTransaction(transactionId);
    return before(fault.kind, transactionNotFound(transactionId));
  }

  /** Draws only if everything else matches. Otherwise a call that doesn't match would change what is drawn later. */
  #strikes(
    { fault, matching, probability }: PlannedFault,
    { operation, sql, transactionId }: Arrived,
  ): boolean {
    if (fault.kind === "lost-transaction" && !transactionId) return false;
    if (matching && !matching.test(sql ?? operation)) return false;
    return probability === 1 || this.#chances.next() < probability;
  }
}

/** Undefined if the connection is cut. */
function errorOf(fault: Exclude<Fault, { kind: "lost-transaction" }>): DataApiError | undefined {
  switch (fault.kind) {
    case "drop":
      return undefined;
    case "status":
      return statusError(fault.status);
    case "error":
      return serviceError(fault.type);
    case "sql-state":
      return sqlStateError(fault.sqlState);
    case "statement-timeout":
      return serviceError("StatementTimeoutException");
  }
}

function before(name: FaultName, error: DataApiError): InjectedFault {
  return { name, when: "before", error };
}
