// A lock by the name of a file: SQLite's on an empty database, which the system takes back when the process that holds it ends,
// however it ends.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { VisibleError } from "sst/error.js";

/** https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;

/** What nobody refers to is collected, which would release its lock. */
const held = new Set<DatabaseSync>();

/**
 * @param file has the id of the process that holds the lock
 * @param refusal says that the process of this id holds it
 * @returns how to release it
 * @throws VisibleError with the refusal
 */
export function takeLock(file: string, refusal: (pid: number) => string): () => void {
  const hash = createHash("sha256").update(resolve(file)).digest("hex");
  const database = new DatabaseSync(join(tmpdir(), `notejam-${hash}.lock`));
  try {
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new VisibleError(refusal(Number(existsSync(file) ? readFileSync(file, "utf8") : "")));
  }
  held.add(database);
  writeFileSync(file, `${process.pid}\n`);
  return () => {
    rmSync(file, { force: true });
    database.close();
    held.delete(database);
  };
}
