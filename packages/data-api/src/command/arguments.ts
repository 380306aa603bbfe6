// The command line, read with commander and checked. What is wrong is said in one line that names the option and what would be
// right, before anything starts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import * as z from "zod/mini";
import { hostOf } from "../engine/postgres.ts";
import { seedSchema } from "../faults/random.ts";
import type { DataApiOptions, DatabaseOptions, Latency } from "../index.ts";
import { LIMITS } from "../limits.ts";
import { arnSchema, MAX_CONNECTIONS_DEFAULT, portSchema } from "../options.ts";
import { DAY_MS, wholeNumber } from "../schema.ts";

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

/** The port of local-data-api's documentation. Who comes from there keeps their endpoint. */
const PORT_DEFAULT = 8080;
/** Every PostgreSQL has a database of this name, an Aurora cluster too. */
const DATABASE_DEFAULT = "postgres";
/** As many as Aurora PostgreSQL allows the largest instance [doc]. */
const CONNECTIONS_MAX = 5_000;

const HELP_COLUMNS = 100;

const EXAMPLES = `
The first line of standard output ends in the URL, and comes when the server is ready. Exit codes:
0 after SIGINT or SIGTERM, 1 if it can't start, 2 if an argument is wrong.

Examples:
  notejam-data-api
  notejam-data-api --data-dir .data --database app --log
  notejam-data-api --database-url postgres://me:secret@localhost:5432/app --latency 17ms
  aws rds-data execute-statement --endpoint-url http://127.0.0.1:${PORT_DEFAULT} --sql "select 1" \\
    --resource-arn arn:aws:rds:local --secret-arn arn:aws:secretsmanager:local`;

/**
 * @param environment where DATABASE_URL is read, which stands for `--database-url`
 * @returns the server's settings; undefined if the help or the version was asked for, and is printed
 * @throws Misuse
 */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): Settings | undefined {
  const command = dataApiCommand();
  command.error = (message) => {
    throw new Misuse(sentence(message));
  };
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return undefined;
    throw error;
  }
  return settingsOf(command.opts(), environment);
}

function dataApiCommand() {
  return (
    new Command("notejam-data-api")
      .description(
        "The RDS Data API of Aurora PostgreSQL on http://127.0.0.1, for the AWS SDKs, the CLI and whatever uses them: over a PostgreSQL 18 that it brings along, or over one of yours. Ctrl-C stops it.",
      )
      .version(version(), "--version", "show the version")
      .helpOption("-h, --help", "show this text")
      .addHelpText("after", EXAMPLES)
      .configureOutput({ getOutHelpWidth: () => HELP_COLUMNS })
      // It would end the process.
      .exitOverride()

      .optionsGroup("Databases:")
      .option(
        "--data-dir <dir>",
        "keep each database in a directory of its name in <dir>; without it, and without a URL, the rows are in memory and gone when this ends",
        path,
      )
      .option(
        "--database-url <url>",
        "postgres://user:password@host:port/name: a PostgreSQL of yours. The variable DATABASE_URL does the same if no option says otherwise",
      )
      .option(
        "--database <name>",
        `a name that requests may give as "database"; may be repeated, and the first is meant if a request names none. The default is "${DATABASE_DEFAULT}", or the name in the URL; over a URL each of them replaces the name there`,
        databaseName,
      )
      .option(
        "--max-connections <n>",
        `connections to PostgreSQL for each database, ${MAX_CONNECTIONS_DEFAULT} by default`,
        by(wholeNumber(1, CONNECTIONS_MAX), digits),
      )

      .optionsGroup("Requests:")
      .option(
        "-p, --port <n>",
        "the port; 0: a free one, in the first line",
        by(portSchema, digits),
        PORT_DEFAULT,
      )
      .option(
        "--access-key-id <file>",
        "a file with the access key id that requests must be signed with, for a machine with several users; any by default",
        path,
      )
      .option("--resource-arn <arn>", "the one cluster that requests may name; any by default", arn)
      .option(
        "--secret-arn <arn>",
        "a secret that requests may name; may be repeated; any by default",
        (given, previous: string[] = []) => [...previous, arn(given)],
      )
      .option(
        "--secrets <file>",
        'the secrets that requests may name, with the role that each stands for: {"arn:…": {"username": "app", "password": "…"}, "arn:…": "owner"}',
        path,
      )
      .option(
        "--allow-failed-commit",
        "answer a commit after an error with success, as AWS seems to do, though everything is rolled back; by default it is refused with 25P02",
      )

      .optionsGroup("Delays:")
      .option(
        "--latency <time>",
        "delay each call as a network does: 17ms, 10-30ms (evenly between) or p50=17ms,p99=120ms (log-normal)",
        latency,
      )
      .option(
        "--seed <n>",
        "what random times and faults are drawn from: the same number and the same calls give the same ones",
        by(seedSchema, digits),
      )

      .optionsGroup("Log:")
      .addOption(
        new Option("--log [format]", "one line a call, to standard error; never a parameter's value")
          .choices(LOG_FORMATS)
          .preset("text"),
      )
      .option("--log-values", "the values, too")
  );
}

type Flags = ReturnType<ReturnType<typeof dataApiCommand>["opts"]>;

function settingsOf(flags: Flags, environment: NodeJS.ProcessEnv): Settings {
  const { databases, place } = readDatabases(flags, environment);
  const { port, accessKeyId, resourceArn, secretArn, allowFailedCommit, latency, seed, logValues, log } =
    flags;
  return {
    server: {
      databases,
      port,
      accessKeyId: accessKeyId && contentOf("--access-key-id", accessKeyId).trim(),
      resourceArn,
      secretArns: secretArn,
      secrets: readSecrets(flags),
      allowFailedCommit,
      latency,
      seed,
      recordParameters: logValues,
    },
    place,
    log: log ?? (logValues ? "text" : undefined),
  };
}

/** Commander's "error: unknown option '--prot'\n(Did you mean --port?)" on one line, with what was given, which may hold any character. */
function sentence(message: string): string {
  const said = message.replace(/^error: /, "").replace(/\n\((Did you mean .*\?)\)$/, ". $1");
  return said
    .replace(/[^.?]$/, "$&.")
    .replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

interface Databases {
  databases: Record<string, DatabaseOptions>;
  place: string;
}

function readDatabases(flags: Flags, environment: NodeJS.ProcessEnv): Databases {
  const { database: names = [], dataDir, databaseUrl } = flags;
  checkNames(names);
  if (dataDir !== undefined && databaseUrl !== undefined) {
    throw new Misuse("--data-dir and --database-url exclude each other: the rows are in one place.");
  }
  if (databaseUrl !== undefined) return atUrl("--database-url", databaseUrl, flags, names);
  if (dataDir === undefined && environment.DATABASE_URL) {
    return atUrl("DATABASE_URL", environment.DATABASE_URL, flags, names);
  }
  if (flags.maxConnections !== undefined) {
    throw new Misuse("--max-connections belongs to --database-url: an embedded database has one connection.");
  }
  return embedded(dataDir, names.length > 0 ? names : [DATABASE_DEFAULT]);
}

function checkNames(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
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
  const databases = names.map((name): [string, DatabaseOptions] => {
    if (dataDir !== undefined && /[/\\\0]|^\.\.?$/.test(name)) {
      throw new Misuse(`--database ${quoted(name)} can't be the name of a directory in --data-dir.`);
    }
    return [name, { kind: "pglite", dataDir: dataDir && join(dataDir, name) }];
  });
  return {
    databases: Object.fromEntries(databases),
    place: dataDir ? `in ${dataDir}` : "in memory, gone when this ends (--data-dir keeps them)",
  };
}

/** What is wrong with the address is said without repeating it: it may hold a password. */
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
  const databases = (names.length > 0 ? names : [own]).map((name): [string, DatabaseOptions] => {
    url.pathname = `/${encodeURIComponent(name)}`;
    return [name, { kind: "postgres", url: url.href, maxConnections: flags.maxConnections }];
  });
  return {
    databases: Object.fromEntries(databases),
    place: `on PostgreSQL at ${hostOf(url)}${flag.startsWith("--") ? "" : ` (${flag})`}`,
  };
}

/** A name whose % encode nothing is taken as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function databaseName(given: string, previous: string[] = []): string[] {
  if (given !== "" && given.length <= LIMITS.databaseCharacters) return [...previous, given];
  throw new InvalidArgumentError(`It must have 1 to ${LIMITS.databaseCharacters} characters.`);
}

/** If the next option stands in its place, the value was forgotten. */
function path(given: string): string {
  if (given !== "" && !given.startsWith("-")) return given;
  throw new InvalidArgumentError("It must be a path.");
}

/** Reads a value that the server checks too, by its schema. */
function by<Schema extends z.ZodMiniType>(schema: Schema, read: (given: string) => unknown) {
  return (given: string): z.output<Schema> => {
    const result = z.safeParse(schema, read(given));
    if (result.success) return result.data;
    throw new InvalidArgumentError(`It ${result.error.issues[0]?.message}`);
  };
}

const arn = by(arnSchema, String);

function digits(given: string): number {
  return /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
}

/** `checkOptions` checks the secrets. The file's content is never repeated: it has passwords. */
function readSecrets({ secrets: file, secretArn: arns }: Flags): DataApiOptions["secrets"] {
  if (file === undefined) return undefined;
  if (arns) throw new Misuse("--secrets and --secret-arn exclude each other: the file has the ARNs.");
  const content = contentOf("--secrets", file);
  try {
    return JSON.parse(content);
  } catch {
    throw new Misuse(
      `--secrets ${quoted(file)} must have JSON like {"arn:aws:…": {"username": "app", "password": "…"}}.`,
    );
  }
}

function contentOf(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Misuse(`${flag} ${quoted(file)} can't be read: ${(error as Error).message}.`);
  }
}

const CONSTANT = /^(\d+(?:\.\d+)?)ms$/;
const UNIFORM = /^(\d+(?:\.\d+)?)(?:ms)?-(\d+(?:\.\d+)?)ms$/;
const LOGNORMAL = /^p50=(\d+(?:\.\d+)?)ms,p99=(\d+(?:\.\d+)?)ms$/;

function latency(given: string): Latency {
  const constant = CONSTANT.exec(given);
  const lognormal = LOGNORMAL.exec(given);
  const numbers = constant ?? lognormal ?? UNIFORM.exec(given);
  if (!numbers) throw new InvalidArgumentError("It must be like 17ms, 10-30ms or p50=17ms,p99=120ms.");
  const low = Number(numbers[1]);
  const high = Number(numbers[2] ?? low);
  if (low > high) throw new InvalidArgumentError("The smaller time must come first.");
  if (high > DAY_MS) throw new InvalidArgumentError(`It must be at most ${DAY_MS}ms, which is a day.`);
  if (constant) return { kind: "constant", ms: low };
  if (!lognormal) return { kind: "uniform", minMs: low, maxMs: high };
  if (low === 0) throw new InvalidArgumentError("Its p50 must be above 0ms.");
  return { kind: "lognormal", medianMs: low, p99Ms: high };
}

/** As one line, with any content. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
