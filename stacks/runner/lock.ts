// A lock that is a file with the id of the process that holds it. A process that was killed leaves it behind; the next one
// sees that its holder is gone, and takes it over.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Enough for a stale lock, and for another process that takes it over first. */
const ATTEMPTS = 3;

/**
 * @returns how to release it
 * @throws Held, if a process that lives holds it
 */
export function takeLock(file: string): () => void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        linkSync(draft, file); // Whole or not at all, unlike writing.
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (!hasCode(error, "EEXIST") || attempt === ATTEMPTS) throw error;
      }
      removeStale(file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A living process holds the lock. */
export class Held extends Error {
  readonly pid: number;

  constructor(pid: number) {
    super(`The process ${pid} holds the lock.`);
    this.pid = pid;
  }
}

function removeStale(file: string): void {
  const holder = contentOf(file);
  if (holder === undefined) return;
  const pid = Number(holder);
  if (isRunning(pid)) throw new Held(pid);
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    // Another process may have taken it over in between: what was taken away is then put back.
    if (contentOf(aside) !== holder) linkSync(aside, file);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
