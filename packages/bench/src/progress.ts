// One line that is written over again and again, on a terminal; nothing anywhere else.

const CLEAR_LINE = "\r\u001b[K";

export class Progress {
  readonly #shown = process.stderr.isTTY === true;

  say(line: string): void {
    if (this.#shown) process.stderr.write(CLEAR_LINE + line.slice(0, (process.stderr.columns || 80) - 1));
  }

  /** Makes room for other output. */
  clear(): void {
    if (this.#shown) process.stderr.write(CLEAR_LINE);
  }
}
