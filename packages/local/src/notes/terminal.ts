// What an import or export shows and asks: a password without echo, one line of progress, names that can't move the
// cursor. Where output is no terminal there is no progress and no control character.
import { isCancel, password } from "@clack/prompts";

/** The variable that a password is taken from, so that it is never an argument, which others can see. */
export const PASSWORD_VARIABLE = "NOTEJAM_PASSWORD";

/** @returns the password; null where the user gave up; undefined where there is nobody to ask */
export async function askPassword(email: string): Promise<string | null | undefined> {
  const given = process.env[PASSWORD_VARIABLE];
  if (given) return given;
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const typed = await password({ message: `Password of ${email}`, mask: "", withGuide: false });
  return isCancel(typed) ? null : typed;
}

/** A name from a file system or a service, fit to be printed: control characters are shown, not obeyed. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const BAR_WIDTH = 30;
const CLEAR_LINE = "\r\u001b[K";

/** One line that is written over again and again, on a terminal; nothing anywhere else. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true;
  #line = "";

  /** @param unit what is counted: `files` */
  update(done: number, total: number, unit: string) {
    const full = Math.floor((done / Math.max(total, 1)) * BAR_WIDTH);
    this.#line = `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${done} of ${total} ${unit}`;
    this.#write(this.#line);
  }

  /** Says why nothing moves; the next update takes it away. */
  waiting(seconds: number) {
    this.#write(`${this.#line}, waiting ${Math.ceil(seconds)} s for the service`);
  }

  clear() {
    this.#write("");
  }

  #write(line: string) {
    if (this.#shown) process.stderr.write(CLEAR_LINE + line);
  }
}
