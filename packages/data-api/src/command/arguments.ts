// What the command line asks for, checked. Whatever is wrong is said in one line that names the flag and what would be
// right, before anything starts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { hostOf } from "../engine/postgres.ts";
import { SEED_MAX } from "../faults/random.ts";
import type { DataApiOptions, DatabaseOptions, Latency } from "../index.ts";
import { LIMITS } from "../limits.ts";
import { PORT_MAX } from "../options.ts";
import { DAY_MS } from "../schema.ts";

/** The command was called wrongly; the message is the line to show. */
export class Misuse extends Error {
  override name = "Misuse";
}

const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface Settings {
  server: Omit<DataApiOptions, "onCall" | "clock">;
  /** Where the databases are, for the lines at the start. */
  place: string;
  /** Undefined: no log. */
  log: LogFormat | undefined;
}

/** The port that local-data-api, which people may come from, is documented with: their endpoints stay as they are. */
export const PORT_DEFAULT = 8080;
/** Every PostgreSQL has a database of this name, an Aurora cluster too. */
const DATABASE_DEFAULT = "postgres";
/** As many as Aurora PostgreSQL allows the largest instance [doc]. */
const CONNECTIONS_MAX = 5_000;

const OPTIONS = {
  port: { type: "string", short: "p" },
  "data-dir": { type: "string" },
  "database-url": { type: "string" },
  database: { type: "string", multiple: true },
  "max-connections": { type: "string" },
  "resource-arn": { type: "string" },
  "secret-arn": { type: "string", multiple: true },
  secrets: { type: "string" },
  "allow-failed-commit": { type: "boolean" },
  latency: { type: "string" },
  seed: { type: "string" },
  log: { type: "string" },
  "log-values": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

/**
 * @param environment where DATABASE_URL is read, which stands for `--database-url`
 * @returns what was asked for in place of a server, or the server's settings
 * @throws Misuse
 */
export function readArguments(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): "help" | "version" | Settings {
  const flags = readFlags(args);
  if (flags.help) return "help";
  if (flags.version) return "version";
  const { databases, place } = readDatabases(flags, environment);
  return {
    server: {
      databases,
      port: readWhole("--port", flags.port, 0, PORT_MAX) ?? PORT_DEFAULT,
      resourceArn: readArn("--resource-arn", flags["resource-arn"]),
      secretArns: flags["secret-arn"]?.map((arn) => readArn("--secret-arn", arn)),
      secrets: readSecrets(flags),
      allowFailedCommit: flags["allow-failed-commit"],
      latency: readLatency(flags.latency),
      seed: readWhole("--seed", flags.seed, 0, SEED_MAX),
      recordParameters: flags["log-values"],
    },
    place,
    log: readLogFormat(flags),
  };
}

type Flags = ReturnType<typeof readFlags>;

function readFlags(given: readonly string[]) {
  const args = given.map((arg, index) =>
    arg === "--log" && !isValue(given[index + 1]) ? "--log=text" : arg,
  );
  const config = { args, options: OPTIONS, allowPositionals: true } as const;
  checkFlags(parseArgs({ ...config, strict: false, tokens: true }).tokens);
  return parseArgs(config).values;
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];

/** parseArgs would take a repeated flag's last value, and describes errors at length. */
function checkFlags(tokens: readonly Token[]): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") throw new Misuse(`${quoted(token.value)} belongs to no flag.`);
    if (token.kind === "option-terminator") continue;
    const { name, rawName, value } = token;
    const option = optionOf(name);
    if (!option) throw new Misuse(`Unknown flag ${rawName}. The flags are ${ALL_FLAGS}.`);
    if (option.type === "boolean") {
      if (value !== undefined) throw new Misuse(`${rawName} takes no value.`);
    } else if (!value) {
      throw new Misuse(`${rawName} needs a value.`);
    } else if (!token.inlineValue && !isValue(value)) {
      throw new Misuse(`${rawName} needs a value, and ${value.replace(/=.*/, "")} is a flag.`);
    }
    if (seen.has(name) && !option.multiple) throw new Misuse(`${rawName} is given twice.`);
    seen.add(name);
  }
}

const ALL_FLAGS = Object.keys(OPTIONS)
  .map((name) => `--${name}`)
  .join(", ");

function optionOf(name: string): { type: "string" | "boolean"; multiple?: boolean } | undefined {
  return Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof typeof OPTIONS] : undefined;
}

function isValue(arg: string | undefined): boolean {
  return arg !== undefined && !arg.startsWith("-");
}

interface Databases {
  databases: Record<string, DatabaseOptions>;
  place: string;
}

function readDatabases(flags: Flags, environment: NodeJS.ProcessEnv): Databases {
  const names = flags.database ?? [];
  checkNames(names);
  const dataDir = flags["data-dir"];
  if (dataDir !== undefined && flags["database-url"] !== undefined) {
    throw new Misuse("--data-dir and --database-url exclude each other: the rows are in one place.");
  }
  if (flags["database-url"] !== undefined)
    return atUrl("--database-url", flags["database-url"], flags, names);
  if (dataDir === undefined && environment.DATABASE_URL) {
    return atUrl("DATABASE_URL", environment.DATABASE_URL, flags, names);
  }
  if (flags["max-connections"] !== undefined) {
    throw new Misuse("--max-connections belongs to --database-url: an embedded database has one connection.");
  }
  return embedded(dataDir, names.length > 0 ? names : [DATABASE_DEFAULT]);
}

function checkNames(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (name.length > LIMITS.databaseCharacters) {
      throw new Misuse(
        `--database has at most ${LIMITS.databaseCharacters} characters, and ${quoted(name)} has ${name.length}.`,
      );
    }
    if (names.indexOf(name) < index) throw new Misuse(`--database ${quoted(name)} is given twice.`);
  }
  const [first] = Object.keys(Object.fromEntries(names.map((name) => [name, true])));
  if (first !== undefined && first !== names[0]) {
    throw new Misuse(
      `--database ${quoted(first)} must be the first: of several names, whole numbers come before the others, the smallest first.`,
    );
  }
}

function embedded(dataDir: string | undefined, names: readonly string[]): Databases {
  if (dataDir === undefined) {
    return {
      databases: Object.fromEntries(names.map((name) => [name, { kind: "pglite" }])),
      place: "in memory, gone when this ends (--data-dir keeps them)",
    };
  }
  for (const name of names) {
    if (/[/\\\0]|^\.\.?$/.test(name)) {
      throw new Misuse(`--database ${quoted(name)} can't be the name of a directory in --data-dir.`);
    }
  }
  return {
    databases: Object.fromEntries(
      names.map((name) => [name, { kind: "pglite", dataDir: join(dataDir, name) }]),
    ),
    place: `in ${dataDir}`,
  };
}

/** The address is never repeated where something is wrong with it: it may hold a password. */
function atUrl(flag: string, address: string, flags: Flags, names: readonly string[]): Databases {
  const url = URL.parse(address);
  if (!url || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new Misuse(
      `${flag} must be an address like postgres://user:password@localhost:5432/app, with %40 for an @ in the password.`,
    );
  }
  const own = decoded(url.pathname.slice(1));
  if (names.length === 0 && own === "") {
    throw new Misuse(`${flag} names no database: it ends in /app, or --database names it.`);
  }
  const maxConnections = readWhole("--max-connections", flags["max-connections"], 1, CONNECTIONS_MAX);
  const databases = (names.length > 0 ? names : [own]).map((name): [string, DatabaseOptions] => {
    url.pathname = `/${encodeURIComponent(name)}`;
    return [name, { kind: "postgres", url: url.href, maxConnections }];
  });
  return {
    databases: Object.fromEntries(databases),
    place: `on PostgreSQL at ${hostOf(url)}${flag.startsWith("--") ? "" : ` (${flag})`}`,
  };
}

/** A name is taken as it is where its % mean nothing. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function readWhole(flag: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new Misuse(`${flag} must be a whole number from ${min} to ${max}, not ${quoted(value)}.`);
}

function readArn<Given extends string | undefined>(flag: string, arn: Given): Given {
  const { min, max } = LIMITS.arnCharacters;
  if (arn === undefined || (arn.length >= min && arn.length <= max)) return arn;
  throw new Misuse(
    `${flag} must have ${min} to ${max} characters, as in a request; ${quoted(arn)} has ${arn.length}.`,
  );
}

/** Which members a secret has is checked where the server starts. A file's content is never repeated: it has passwords. */
function readSecrets({ secrets: file, "secret-arn": arns }: Flags): DataApiOptions["secrets"] {
  if (file === undefined) return undefined;
  if (arns) throw new Misuse("--secrets and --secret-arn exclude each other: the file has the ARNs.");
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new Misuse(`--secrets ${quoted(file)} can't be read: ${(error as Error).message}.`);
  }
  try {
    return JSON.parse(content);
  } catch {
    throw new Misuse(
      `--secrets ${quoted(file)} must have JSON like {"arn:aws:…": {"username": "app", "password": "…"}}.`,
    );
  }
}

const CONSTANT = /^(\d+(?:\.\d+)?)ms$/;
const UNIFORM = /^(\d+(?:\.\d+)?)(?:ms)?-(\d+(?:\.\d+)?)ms$/;
const LOGNORMAL = /^p50=(\d+(?:\.\d+)?)ms,p99=(\d+(?:\.\d+)?)ms$/;

function readLatency(value: string | undefined): Latency | undefined {
  if (value === undefined) return undefined;
  const constant = CONSTANT.exec(value);
  const lognormal = LOGNORMAL.exec(value);
  const numbers = constant ?? lognormal ?? UNIFORM.exec(value);
  if (!numbers) {
    throw new Misuse(`--latency must be like 17ms, 10-30ms or p50=17ms,p99=120ms, not ${quoted(value)}.`);
  }
  const low = Number(numbers[1]);
  const high = Number(numbers[2] ?? low);
  if (low > high)
    throw new Misuse(`--latency ${quoted(value)} is the wrong way round: the smaller comes first.`);
  if (high > DAY_MS)
    throw new Misuse(`--latency must be at most ${DAY_MS}ms, which is a day, not ${quoted(value)}.`);
  if (constant) return { kind: "constant", ms: low };
  if (!lognormal) return { kind: "uniform", minMs: low, maxMs: high };
  if (low === 0) throw new Misuse(`--latency must have a p50 above 0ms, not ${quoted(value)}.`);
  return { kind: "lognormal", medianMs: low, p99Ms: high };
}

function readLogFormat({ log, "log-values": logValues }: Flags): LogFormat | undefined {
  if (log === undefined) return logValues ? "text" : undefined;
  const format = LOG_FORMATS.find((known) => known === log);
  if (format) return format;
  throw new Misuse(`--log must be ${LOG_FORMATS.join(" or ")}, not ${quoted(log)}.`);
}

/** As one line, with any content. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
