// What goes where: the functions' log lines into a file, one JSON object a line; to the terminal only errors and mails.
import { createWriteStream, openSync, renameSync, statSync, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { printable } from "@notejam/command-line/printable";
import { membersIn } from "@notejam/core/json";
import type { FunctionError } from "./aws/lambda/handler.ts";
import { linksOf } from "./aws/ses/outbox.ts";
import type { Mail } from "./aws/ses/send-email.ts";

/** Prints to the terminal. */
export type Print = (text: string) => void;

/** A start begins a new file if the file is larger; one older file is kept beside it. */
export const LOG_MAX_BYTES = 20_000_000;

const FULL_AGAIN_AFTER_MS = 60_000;
const DISK_FULL =
  "The database's disk is full: nothing can be saved until there is space. Meanwhile such requests are answered 503, and browsers keep what is written.\n";

export class RequestLog {
  readonly #file: WriteStream;
  readonly #print: Print;
  /** When the terminal was last told that the disk is full, in milliseconds of `performance.now()`. */
  #toldFull = Number.NEGATIVE_INFINITY;

  /**
   * @param path of the file, which is created or continued; a large one becomes `<path>.1`
   * @throws the system's error if that fails
   */
  constructor(path: string, print: Print) {
    this.#print = print;
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES) renameSync(path, `${path}.1`);
    this.#file = createWriteStream(path, { fd: openSync(path, "a", 0o600) });
    // A full disk must not end the service.
    this.#file.on("error", (error) => print(`The log can't be written: ${error.message}\n`));
  }

  /** A line that a function wrote. If it is not a JSON object, it becomes the message of one. */
  write(line: string): void {
    this.#add(membersIn(line) ?? { time: new Date().toISOString(), level: "info", message: line });
  }

  /** An invocation of the function `name` that failed. */
  fault(name: string, { errorType, errorMessage, trace }: FunctionError): void {
    const error: LoggedError = { name: errorType, message: errorMessage, stack: trace };
    this.#add({ time: new Date().toISOString(), level: "error", function: name, error });
  }

  #add(entry: Record<string, unknown>): void {
    // An environment that is ending may still write.
    if (!this.#file.writableEnded) this.#file.write(`${JSON.stringify(entry)}\n`);
    if (isDiskFull(entry)) this.#tellFull();
    else if (entry.level === "error") this.#print(describeEntry(entry));
  }

  /** Every write fails then: one line stands for all of them. */
  #tellFull() {
    const now = performance.now();
    if (now - this.#toldFull < FULL_AGAIN_AFTER_MS) return;
    this.#toldFull = now;
    this.#print(DISK_FULL);
  }

  async close(): Promise<void> {
    this.#file.end();
    // Its error has been printed.
    await finished(this.#file).catch(() => undefined);
  }
}

/** An error as the functions log it. */
interface LoggedError {
  name?: unknown;
  message?: unknown;
  stack?: unknown;
  cause?: LoggedError;
}

/** Whether PostgreSQL said so (53100). */
function isDiskFull(entry: Record<string, unknown>): boolean {
  for (let error = entry.error as LoggedError | undefined; error; error = error.cause)
    if (/SQLState: 53100$/.test(String(error.message))) return true;
  return false;
}

/** `GET /api/notes 500 internal` or the function's name, then the error and its causes, each with where it was thrown. */
function describeEntry(entry: Record<string, unknown>): string {
  const { method, route, status, code, message } = entry;
  const what = [entry.function, method, route, status, code, message]
    .filter((part) => part !== undefined)
    .join(" ");
  const lines = [what];
  for (let error = entry.error as LoggedError | undefined; error; error = error.cause) {
    lines.push(`  ${[error.name, error.message].filter(Boolean).join(": ")}`);
    if (Array.isArray(error.stack)) lines.push(...error.stack.slice(0, 5).map((frame) => `    ${frame}`));
  }
  return printableLines(lines);
}

/** A mail for the terminal: to whom, about what, and its links. */
export function describeMail({ to, subject, text }: Mail): string {
  return printableLines([
    `Mail to ${to.join(", ")}: ${subject}`,
    ...linksOf(text).map((link) => `  ${link}`),
  ]);
}

/** What a line quotes may come from anyone. */
function printableLines(lines: string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join("");
}
