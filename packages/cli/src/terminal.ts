// What a command asks and shows on a terminal, and how it is stopped there: a password without echo, one line of progress, Ctrl-C.
// If the output is not a terminal, there is no progress and no control character. Written by hand, since the progress bars that
// were tried handle Ctrl-C themselves and exit with 0.
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** The variable with the password. It is not an argument, since other users of the machine can see arguments. */
export const PASSWORD_VARIABLE = "NOTEJAM_PASSWORD";

/** @returns the password; null if the user gave up; undefined without a terminal to ask on */
export async function askPassword(email: string): Promise<string | null | undefined> {
  const given = process.env[PASSWORD_VARIABLE];
  if (given) return given;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: unseen, terminal: true });
  process.stderr.write(`Password of ${email}: `);
  const typed = await new Promise<string | null>((resolve) => {
    line.once("line", resolve);
    // Ctrl-C and Ctrl-D.
    line.once("close", () => resolve(null));
  });
  line.close();
  process.stderr.write("\n");
  return typed;
}

const BAR_WIDTH = 30;
const CLEAR_LINE = "\r\u001b[K";
/** Milliseconds; more often would be too fast to read. */
const REDRAWN_AFTER = 50;

/** One line that is overwritten again and again on a terminal; nothing elsewhere. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true;
  #line = "";
  #drawnAt = 0;

  /** @param unit what is counted: `files` @param total undefined if nobody knows it */
  update(done: number, total: number | undefined, unit: string) {
    const full = Math.floor((done / Math.max(total ?? 0, 1)) * BAR_WIDTH);
    const bar = () => `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${done} of ${total} ${unit}`;
    this.#line = total === undefined ? `${done} ${unit}` : bar();
    if (performance.now() - this.#drawnAt > REDRAWN_AFTER) this.#draw(this.#line);
  }

  /** As `update`, of one unit. */
  counting(unit: string) {
    return (done: number, total?: number) => this.update(done, total, unit);
  }

  /** Shows that the service asked to wait, until the next update. */
  waiting(seconds: number) {
    this.#draw(`${this.#line} (waiting ${Math.ceil(seconds)} s for the service)`.trimStart());
  }

  /** Removes the line, so that other output can follow. */
  clear() {
    if (this.#drawnAt > 0) this.#draw("");
    this.#drawnAt = 0;
  }

  #draw(line: string) {
    if (!this.#shown) return;
    this.#drawnAt = performance.now();
    process.stderr.write(CLEAR_LINE + line.slice(0, (process.stderr.columns || 80) - 1));
  }
}

/**
 * Ctrl-C lets the calls under way end. A terminal under npm may deliver it twice at once; a later second one ends everything.
 * @param reason the signal's
 * @param code the exit code of the second one
 */
export function stopOnSignals(reason: Error, code: number): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (first > 0 && performance.now() - first > 1000) process.exit(code);
      first ||= performance.now();
      stop.abort(reason);
    });
  }
  return stop.signal;
}
