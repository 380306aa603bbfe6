#!/usr/bin/env node
// `notejam-data-api`: the server as a command. Standard output says that it is ready and where; the log and what goes
// wrong go to standard error, so that `2>calls.jsonl` keeps nothing but calls.
import { constants } from "node:os";
import { styleText } from "node:util";
import {
  type DataApiServer,
  DatabaseConnectionError,
  DataDirectoryError,
  OptionError,
  startDataApi,
} from "../index.ts";
import { Misuse, readArguments, type Settings } from "./arguments.ts";
import { logTo } from "./log.ts";

const EXIT = { done: 0, failed: 1, misused: 2 };

/** A terminal and npm both pass Ctrl-C on: what follows so closely is the same one. */
const SAME_SIGNAL_MS = 500;
/** What has not ended by then is not worth waiting for. */
const ENDED_WITHIN_MS = 10_000;

main();

function main(): void {
  let settings: ReturnType<typeof readArguments>;
  try {
    settings = readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    fail(EXIT.misused, `${error.message} See --help.`);
  }
  if (settings) void serve(settings);
}

/** Runs until a signal ends it, or until its output is closed. */
async function serve(settings: Settings): Promise<void> {
  const starting = startDataApi({
    ...settings.server,
    onCall: settings.log && logTo(process.stderr, settings.log),
  });
  const isEnding = endOnSignals(starting);
  try {
    const server = await starting;
    if (!isEnding()) process.stdout.write(announcement(server, settings));
  } catch (error) {
    fail(...reasonOf(error, settings));
  }
}

/** Closes what has started, and exits; answers whether that has begun. */
function endOnSignals(starting: Promise<DataApiServer>): () => boolean {
  let endingSince: number | undefined;
  const end = (signal?: NodeJS.Signals) => {
    const now = performance.now();
    if (endingSince === undefined) {
      endingSince = now;
      void close(starting);
    } else if (signal && now - endingSince > SAME_SIGNAL_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  // The reader has gone (EPIPE).
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => end());
  return () => endingSince !== undefined;
}

async function close(starting: Promise<DataApiServer>): Promise<void> {
  const late = `It did not close within ${ENDED_WITHIN_MS / 1_000} s.`;
  setTimeout(() => fail(EXIT.failed, late), ENDED_WITHIN_MS).unref();
  const server = await starting.catch(() => undefined); // then it has said why
  try {
    await server?.close();
    process.exit(EXIT.done);
  } catch (error) {
    fail(EXIT.failed, `It did not close cleanly: ${(error as Error).message}`);
  }
}

/** The first line ends in the URL, for scripts that wait for it. */
function announcement(server: DataApiServer, { place, server: settings }: Settings): string {
  const { databases, resourceArn, secretArns, secrets, latency } = settings;
  const areGiven = [resourceArn, secretArns, secrets].some((arns) => arns !== undefined);
  const credentials = settings.accessKeyId === undefined ? "any credentials" : "the access key id given here";
  const arns = areGiven ? "the ARNs given here" : "any ARNs";
  const lines = [
    `The RDS Data API is at ${styleText("bold", server.url)}`,
    `Databases ${place}: ${Object.keys(databases).join(", ")}`,
    `AWS_ENDPOINT_URL_RDS_DATA=${server.url} leads SDKs and the AWS CLI there, with ${credentials} and ${arns}.`,
  ];
  if (latency) lines.push(`Latencies are drawn from --seed ${server.faults.list().seed}.`);
  return lines.map((line) => `${line}\n`).join("");
}

/** What stops it from starting, in one line that a person can act on. */
function reasonOf(error: unknown, { server: { port } }: Settings): [code: number, message: string] {
  if (error instanceof OptionError) return [EXIT.misused, `${error.message} See --help.`];
  if (error instanceof DataDirectoryError || error instanceof DatabaseConnectionError) {
    return [EXIT.failed, error.message];
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    return [
      EXIT.failed,
      `Port ${port} is taken. Stop what listens there, or choose another by --port (0: a free one).`,
    ];
  }
  if (code === "EACCES") {
    return [EXIT.failed, `Port ${port} is not for this user to take. Choose one from 1024 on by --port.`];
  }
  return [EXIT.failed, `It does not start: ${message}`];
}

function fail(code: number, message: string): never {
  process.stderr.write(`notejam-data-api: ${message}\n`);
  process.exit(code);
}
