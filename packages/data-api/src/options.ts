// What the server is started with, and whether it makes sense.

import type { Clock } from "./clock.ts";
import { OptionError } from "./errors.ts";
import { type Latency, readLatency } from "./faults/latency.ts";
import { readSeed } from "./faults/random.ts";
import type { Call } from "./http/calls.ts";
import { LIMITS } from "./limits.ts";
import { membersOf, oneOf, wholeNumberOf } from "./members.ts";

export interface DataApiOptions {
  /**
   * By the name that requests give as `database`; a request without one means the first, where JavaScript puts names that
   * are whole numbers before the others. At least one.
   */
  databases: Record<string, DatabaseOptions>;
  /** On 127.0.0.1. 0 (a free one) unless told. */
  port?: number | undefined;
  /** The one cluster that requests may name. Any ARN unless given. */
  resourceArn?: string | undefined;
  /** The secrets that requests may name. Any ARN unless given. */
  secretArns?: readonly string[] | undefined;
  /** How long each call is delayed before it runs, as a network would. Not at all unless told. */
  latency?: Latency | undefined;
  /**
   * What latencies and random faults are drawn from: a whole number of 32 bits. The same one and the same order of calls
   * give the same ones. A random one unless told.
   */
  seed?: number | undefined;
  /** Told of each call when it has ended. It must not throw: nobody would catch it. */
  onCall?: ((call: Call) => void) | undefined;
  /**
   * Told of an error of the server's own, of which the caller gets the message as an InternalServerErrorException.
   * Written to standard error with its stack unless told.
   */
  onError?: ((error: unknown) => void) | undefined;
  /** Puts the values of parameters into what is told and kept of calls. Off unless told. */
  recordParameters?: boolean | undefined;
  /** What expiry, time-outs and latencies go by; tests move one of their own. */
  clock?: Clock | undefined;
}

export type DatabaseOptions =
  | {
      kind: "pglite";
      /** Where the database is kept; made where it is missing. In memory unless given. */
      dataDir?: string | undefined;
      /** A dump to start from: what `dump()` gave. */
      loadFrom?: Uint8Array | Blob | undefined;
    }
  | {
      kind: "postgres";
      /** `postgres://user:password@host:port/database`. */
      url: string;
      /** Connections at most, 10 unless told. Each open transaction holds one. */
      maxConnections?: number | undefined;
    };

/** A record, so that none can be forgotten. */
const MEMBERS: Record<keyof DataApiOptions, true> = {
  databases: true,
  port: true,
  resourceArn: true,
  secretArns: true,
  latency: true,
  seed: true,
  onCall: true,
  onError: true,
  recordParameters: true,
  clock: true,
};

/** The highest that TCP has. */
export const PORT_MAX = 65_535;
export const MAX_CONNECTIONS_DEFAULT = 10;

/** @throws OptionError that names the option */
export function checkOptions(options: DataApiOptions): void {
  membersOf(options, "options", Object.keys(MEMBERS));
  const { databases, port, resourceArn, secretArns, latency, seed } = options;
  const names = Object.keys(membersOf(databases, "databases"));
  if (names.length === 0) throw new OptionError("databases must name at least one database.");
  for (const name of names) {
    checkLength(`The database name "${name}"`, name, 1, LIMITS.databaseCharacters);
    checkDatabase(databases[name], `databases.${name}`);
  }
  if (port !== undefined) wholeNumberOf(port, "port", 0, PORT_MAX);
  if (resourceArn !== undefined) checkArn("resourceArn", resourceArn);
  if (secretArns !== undefined) checkSecretArns(secretArns);
  if (latency !== undefined) readLatency(latency);
  if (seed !== undefined) readSeed(seed);
}

function checkSecretArns(arns: unknown): void {
  if (!Array.isArray(arns) || arns.length === 0) {
    throw new OptionError("secretArns must be a list with at least one secret's ARN.");
  }
  for (const [index, arn] of arns.entries()) checkArn(`secretArns[${index}]`, arn);
}

function checkArn(path: string, arn: unknown): void {
  checkLength(path, arn, LIMITS.arnCharacters.min, LIMITS.arnCharacters.max);
}

function checkDatabase(database: unknown, path: string): void {
  const { kind } = membersOf(database, path, ["kind", "dataDir", "loadFrom", "url", "maxConnections"]);
  if (oneOf(kind, `${path}.kind`, ["pglite", "postgres"]) === "pglite") {
    const { dataDir, loadFrom } = membersOf(database, path, ["kind", "dataDir", "loadFrom"]);
    if (dataDir !== undefined && typeof dataDir !== "string") {
      throw new OptionError(`${path}.dataDir must be a path.`);
    }
    if (loadFrom !== undefined && !(loadFrom instanceof Uint8Array || loadFrom instanceof Blob)) {
      throw new OptionError(`${path}.loadFrom must be a dump: a Uint8Array or a Blob.`);
    }
    return;
  }
  const { url, maxConnections } = membersOf(database, path, ["kind", "url", "maxConnections"]);
  if (typeof url !== "string" || !/^postgres(?:ql)?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new OptionError(`${path}.url must be like postgres://user:password@host:port/database.`);
  }
  if (maxConnections !== undefined) wholeNumberOf(maxConnections, `${path}.maxConnections`, 1);
}

function checkLength(what: string, text: unknown, min: number, max: number): void {
  if (typeof text === "string" && text.length >= min && text.length <= max) return;
  throw new OptionError(`${what} must have ${min} to ${max} characters.`);
}
