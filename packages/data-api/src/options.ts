// What the server is started with, and whether it makes sense.

import * as z from "zod/mini";
import type { Clock } from "./clock.ts";
import { OptionError } from "./errors.ts";
import { type Latency, latencySchema } from "./faults/latency.ts";
import { seedSchema } from "./faults/random.ts";
import type { Call } from "./http/calls.ts";
import { LIMITS } from "./limits.ts";
import { kinds, members, read, wholeNumber } from "./schema.ts";
import type { Credentials, Secret } from "./secret.ts";

export interface DataApiOptions {
  /**
   * By the name that requests give as `database`; a request without one means the first. JavaScript puts names that
   * are whole numbers before the others. At least one.
   */
  databases: Record<string, DatabaseOptions>;
  /** On 127.0.0.1. 0, the default, takes a free one. */
  port?: number | undefined;
  /** The one cluster that requests may name. Any ARN by default. */
  resourceArn?: string | undefined;
  /** The secrets that requests may name. Any ARN by default. Each of them stands for the owner. */
  secretArns?: readonly string[] | undefined;
  /** The secrets that requests may name, by ARN, with the role that each stands for; instead of `secretArns`. */
  secrets?: Readonly<Record<string, Secret>> | undefined;
  /**
   * Answers a commit after an error in its transaction as AWS seems to do: with success, though PostgreSQL rolls everything
   * back. By default such a commit is refused with SQLState 25P02, so that a program that loses writes is noticed.
   */
  allowFailedCommit?: boolean | undefined;
  /** How long each call is delayed before it runs, as a network would. No delay by default. */
  latency?: Latency | undefined;
  /**
   * What latencies and random faults are drawn from: a whole number of 32 bits. The same one and the same order of calls
   * give the same ones. A random one by default.
   */
  seed?: number | undefined;
  /** Called with each call when it has ended. It must not throw: nothing would catch the error. */
  onCall?: ((call: Call) => void) | undefined;
  /**
   * Receives an error in the server itself. Its caller gets the message as an InternalServerErrorException. By default
   * it is written to standard error with its stack.
   */
  onError?: ((error: unknown) => void) | undefined;
  /** Keeps the values of parameters in the log of calls. Off by default. */
  recordParameters?: boolean | undefined;
  /** The clock for expiry, time-outs and latencies. Tests give one that they move. */
  clock?: Clock | undefined;
}

export type DatabaseOptions =
  | {
      kind: "pglite";
      /** Where the database is kept; created if it is missing. In memory by default. */
      dataDir?: string | undefined;
      /** A dump to start from: what `dump()` gave. */
      loadFrom?: Uint8Array | Blob | undefined;
    }
  | {
      kind: "postgres";
      /** `postgres://user:password@host:port/database`. */
      url: string;
      /** The maximum of connections, 10 by default. Each open transaction holds one. */
      maxConnections?: number | undefined;
    };

/** The highest that TCP has. */
const PORT_MAX = 65_535;
export const MAX_CONNECTIONS_DEFAULT = 10;

export const arnSchema = ofLength(LIMITS.arnCharacters.min, LIMITS.arnCharacters.max);
export const portSchema = wholeNumber(0, PORT_MAX);
const LIKE_A_URL = "must be like postgres://user:password@host:port/database.";
const A_LIST = "must be a list with at least one secret's ARN.";

const A_SECRET = 'must be "owner", or an object with a username and a password.';
const SECRETS = "must be an object with at least one secret, by its ARN.";

const word = z.string().check(z.minLength(1));
const secret = z.union(
  [z.literal("owner"), z.strictObject({ username: word, password: word } satisfies Shape<Credentials>)],
  A_SECRET,
);

const database = kinds([
  members({
    kind: z.literal("pglite"),
    dataDir: z.optional(z.string("must be a path.")),
    loadFrom: z.optional(
      z.union([z.instanceof(Uint8Array), z.instanceof(Blob)], "must be a dump: a Uint8Array or a Blob."),
    ),
  } satisfies Shape<Extract<DatabaseOptions, { kind: "pglite" }>>),
  members({
    kind: z.literal("postgres"),
    url: z.string(LIKE_A_URL).check(z.refine(isPostgresUrl, LIKE_A_URL)),
    maxConnections: z.optional(wholeNumber(1)),
  } satisfies Shape<Extract<DatabaseOptions, { kind: "postgres" }>>),
]);

const optionsSchema = members({
  databases: z
    .record(z.string(), database, "must be an object.")
    .check(z.refine((databases) => Object.keys(databases).length > 0, "must name at least one database.")),
  port: z.optional(portSchema),
  resourceArn: z.optional(arnSchema),
  secretArns: z.optional(z.array(arnSchema, A_LIST).check(z.minLength(1, A_LIST))),
  secrets: z.optional(
    z
      .record(z.string(), secret, SECRETS)
      .check(z.refine((secrets) => Object.keys(secrets).length > 0, SECRETS)),
  ),
  allowFailedCommit: z.optional(z.boolean("must be true or false.")),
  latency: z.optional(latencySchema),
  seed: z.optional(seedSchema),
  onCall: z.optional(z.any()),
  onError: z.optional(z.any()),
  recordParameters: z.optional(z.any()),
  clock: z.optional(z.any()),
} satisfies Shape<DataApiOptions>);

/** A schema for each member, so that none can be forgotten. */
type Shape<Options> = { [Name in keyof Options]-?: z.ZodMiniType<Options[Name]> };

/** @throws OptionError that names the option */
export function checkOptions(options: DataApiOptions): void {
  const { databases, secrets, secretArns } = read(optionsSchema, options, "options", "");
  for (const name of Object.keys(databases)) {
    if (name.length > 0 && name.length <= LIMITS.databaseCharacters) continue;
    throw new OptionError(
      `The database name "${name}" must have 1 to ${LIMITS.databaseCharacters} characters.`,
    );
  }
  if (secrets && secretArns) throw new OptionError("secrets and secretArns exclude each other.");
  const { min, max } = LIMITS.arnCharacters;
  for (const arn of Object.keys(secrets ?? {})) {
    if (arn.length >= min && arn.length <= max) continue;
    throw new OptionError(`The secret's ARN "${arn}" must have ${min} to ${max} characters.`);
  }
}

function ofLength(min: number, max: number) {
  const message = `must have ${min} to ${max} characters.`;
  return z.string(message).check(z.minLength(min, message), z.maxLength(max, message));
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:$/.test(URL.parse(text)?.protocol ?? "");
}
