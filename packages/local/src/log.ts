// Where lines go: what the functions log into a file, one JSON object a line, and to the terminal only what went wrong.
import { createWriteStream, openSync, renameSync, statSync, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { printable } from "@notejam/cli/printable";
import type { FunctionError } from "./aws/lambda/runtime.ts";

/** Prints to the terminal. */
export type Print = (text: string) => void;

/** Beyond this, a start begins a new file; the one before it is kept beside it, and no older one. */
export const LOG_MAX_BYTES = 20_000_000;

export class RequestLog {
  readonly #file: WriteStream;
  readonly #print: Print;

  /**
   * @param path of the file, which is made, or continued; one that has grown large becomes `<path>.1`
   * @throws the system's error where it can't be
   */
  constructor(path: string, print: Print) {
    this.#print = print;
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES) renameSync(path, `${path}.1`);
    this.#file = createWriteStream(path, { fd: openSync(path, "a", 0o600) });
    // A full disk must not end the service.
    this.#file.on("error", (error) => print(`The log can't be written: ${error.message}\n`));
  }

  /** A line that a function wrote. What is no JSON object becomes the message of one. */
  write(line: string): void {
    const entry = parseObject(line) ?? { time: new Date().toISOString(), level: "info", message: line };
    // An environment that is being ended may still say something.
    if (!this.#file.writableEnded) this.#file.write(`${JSON.stringify(entry)}\n`);
    if (entry.level === "error") this.#print(describeEntry(entry));
  }

  /** An invocation of `name` that ended in no answer. */
  fault(name: string, error: FunctionError): void {
    this.write(
      JSON.stringify({
        time: new Date().toISOString(),
        level: "error",
        function: name,
        error: asLogged(error),
      }),
    );
  }

  async close(): Promise<void> {
    this.#file.end();
    // What went wrong with it has been said.
    await finished(this.#file).catch(() => undefined);
  }
}

function asLogged({ errorType, errorMessage, trace }: FunctionError): LoggedError {
  return { name: errorType, message: errorMessage, stack: trace };
}

/** An error as the functions log it. */
interface LoggedError {
  name?: unknown;
  message?: unknown;
  stack?: unknown;
  cause?: LoggedError;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
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
  // What a message quotes may have come from anyone.
  return lines.map((line) => `${printable(line)}\n`).join("");
}
