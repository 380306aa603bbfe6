// What the server is started with, and whether it makes sense.

import * as z from "zod/mini";
import type { Clock } from "./clock.ts";
import { OptionError } from "./errors.ts";
import { latencySchema } from "./faults/latency.ts";
import { seedSchema } from "./faults/random.ts";
import type { Call } from "./http/calls.ts";
import { LIMITS } from "./limits.ts";
import { kinds, members, read, wholeNumber } from "./schema.ts";
import type { Secret } from "./secret.ts";

/** The highest that TCP has. */
const PORT_MAX = 65_535;
export const MAX_CONNECTIONS_DEFAULT = 10;

export const arnSchema = ofLength(LIMITS.arnCharacters.min, LIMITS.arnCharacters.max);
export const portSchema = wholeNumber(0, PORT_MAX);
const AN_ACCESS_KEY_ID = "must have at least one character, and no slash, comma or space.";
const accessKeyIdSchema = z.string(AN_ACCESS_KEY_ID).check(z.regex(/^[^/,\s]+$/, AN_ACCESS_KEY_ID));
const LIKE_A_URL = "must be like postgres://user:password@host:port/database.";
const A_LIST = "must be a list with at least one secret's ARN.";

const A_SECRET = 'must be "owner", or an object with a username and a password.';
const SECRETS = "must be an object with at least one secret, by its ARN.";

const word = z.string().check(z.minLength(1));
const secret: z.ZodMiniType<Secret, Secret> = z.union(
  [z.literal("owner"), z.strictObject({ username: word, password: word })],
  A_SECRET,
);

const database = kinds([
  members({
    kind: z.literal("pglite"),
    /** Where the database is kept; created if it is missing. In memory by default. */
    dataDir: z.optional(z.string("must be a path.")),
    /** A dump to start from: what `dump()` gave. */
    loadFrom: z.optional(z.custom<Uint8Array | Blob>(isDump, "must be a dump: a Uint8Array or a Blob.")),
  }),
  members({
    kind: z.literal("postgres"),
    /** `postgres://user:password@host:port/database`. */
    url: z.string(LIKE_A_URL).check(z.refine(isPostgresUrl, LIKE_A_URL)),
    /** The maximum of connections, 10 by default. Each open transaction holds one. */
    maxConnections: z.optional(wholeNumber(1)),
  }),
]);
export type DatabaseOptions = z.input<typeof database>;

const optionsSchema = members({
  /**
   * By the name that requests give as `database`; a request without one means the first. JavaScript puts names that
   * are whole numbers before the others. At least one.
   */
  databases: z
    .record(z.string(), database, "must be an object.")
    .check(z.refine((databases) => Object.keys(databases).length > 0, "must name at least one database.")),
  /** On 127.0.0.1. 0, the default, takes a free one. */
  port: z.optional(portSchema),
  /** The access key id that requests must be signed with: a secret of those who may call. Any by default. */
  accessKeyId: z.optional(accessKeyIdSchema),
  /** The one cluster that requests may name. Any ARN by default. */
  resourceArn: z.optional(arnSchema),
  /** The secrets that requests may name. Any ARN by default. Each of them stands for the owner. */
  secretArns: z.optional(z.array(arnSchema, A_LIST).check(z.minLength(1, A_LIST))),
  /** The secrets that requests may name, by ARN, with the role that each stands for; instead of `secretArns`. */
  secrets: z.optional(
    z
      .record(z.string(), secret, SECRETS)
      .check(z.refine((secrets) => Object.keys(secrets).length > 0, SECRETS)),
  ),
  /**
   * Answers a commit after an error in its transaction as AWS seems to do: with success, though PostgreSQL rolls everything
   * back. By default such a commit is refused with SQLState 25P02, so that a program that loses writes is noticed.
   */
  allowFailedCommit: z.optional(z.boolean("must be true or false.")),
  /** How long each call is delayed before it runs, as a network would. No delay by default. */
  latency: z.optional(latencySchema),
  /**
   * What latencies and random faults are drawn from: a whole number of 32 bits. The same one and the same order of calls
   * give the same ones. A random one by default.
   */
  seed: z.optional(seedSchema),
  /** Called with each call when it has ended. It must not throw: nothing would catch the error. */
  onCall: z.optional(z.custom<(call: Call) => void>()),
  /**
   * Receives an error in the server itself. Its caller gets the message as an InternalServerErrorException. By default
   * it is written to standard error with its stack.
   */
  onError: z.optional(z.custom<(error: unknown) => void>()),
  /** Keeps the values of parameters in the log of calls. Off by default. */
  recordParameters: z.optional(z.custom<boolean>()),
  /** The clock for expiry, time-outs and latencies. Tests give one that they move. */
  clock: z.optional(z.custom<Clock>()),
});
export type DataApiOptions = z.input<typeof optionsSchema>;

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

function isDump(value: unknown): boolean {
  return value instanceof Uint8Array || value instanceof Blob;
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:$/.test(URL.parse(text)?.protocol ?? "");
}
