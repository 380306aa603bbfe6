// Whether a directory may be used as PGlite's data directory, and that one process at a time uses it: two open it
// without complaint and destroy it [exp]. Nothing is written before it is certain that the directory is ours to use.
import { link, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** The data directory can't be used; the message says which one, why, and what would help. Nothing was changed in it. */
export class DataDirectoryError extends Error {
  override name = "DataDirectoryError";
  /** A process uses it: it may be free later. */
  readonly inUse: boolean;

  constructor(message: string, { inUse = false, cause }: { inUse?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.inUse = inUse;
  }
}

const POSTGRES_MAJOR = "18";

/** PostgreSQL's own directory, below. What stands beside it is then no part of a dump. */
const DATABASE = "postgres";
/** Who uses the directory: a process id, and when that process started, since ids are used again. */
const LOCK = "lock";
/** Stands there until a new database is complete. */
const UNFINISHED = "unfinished";
const TAKEOVER_ATTEMPTS = 10;

export interface DataDirectory {
  /** Where PostgreSQL's files are, without symbolic links. */
  database: string;
  /** It holds no database yet: PGlite makes one, and `finished` is to be called then. */
  isNew: boolean;
  finished(): Promise<void>;
  /** Lets others have it. */
  release(): Promise<void>;
}

/** The directories that this process uses. */
const held = new Set<string>();

/**
 * Takes a data directory for this process; makes it if it is missing.
 * @throws DataDirectoryError
 */
export async function claimDataDirectory(asked: string): Promise<DataDirectory> {
  const path = await reachable(asked);
  await examine(path);
  const unlock = await lock(path);
  try {
    // Only now is it certain that no process is still writing.
    const isNew = await examine(path);
    if (isNew) {
      await writeFile(join(path, UNFINISHED), "");
      await rm(join(path, DATABASE), { recursive: true, force: true });
    }
    return {
      database: join(path, DATABASE),
      isNew,
      finished: () => rm(join(path, UNFINISHED), { force: true }),
      release: unlock,
    };
  } catch (error) {
    await unlock();
    throw unusable(path, error);
  }
}

async function reachable(asked: string): Promise<string> {
  try {
    await make(resolve(asked));
    return await realpath(asked);
  } catch (error) {
    throw unusable(asked, error);
  }
}

/** With its parents. Node.js's own way tries for ever in /proc, and hides that a file system is read-only [seen]. */
async function make(path: string, hasParent = false): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || hasParent) throw error;
    await make(dirname(path));
    await make(path, true);
  }
}

/** Answers whether a database is still to be made there. @throws DataDirectoryError for anything else than a database of this server. */
async function examine(path: string): Promise<boolean> {
  try {
    const entries = await readdir(path);
    // A start was cut off before the database was complete: what is there is ours, and may be removed.
    if (entries.includes(UNFINISHED)) return true;
    const known = entries.includes(DATABASE) && (await contentOf(join(path, DATABASE, "PG_VERSION")));
    if (known) return checkVersion(path, known.trim());
    const strange = entries.find((entry) => !entry.startsWith(LOCK));
    if (strange === undefined) return true;
    throw new DataDirectoryError(
      `The data directory ${path} holds something other than a database (${strange}). Choose another directory, or an empty one.`,
    );
  } catch (error) {
    throw unusable(path, error);
  }
}

function checkVersion(path: string, version: string): false {
  if (version === POSTGRES_MAJOR) return false;
  throw new DataDirectoryError(
    `The data directory ${path} holds a database of PostgreSQL ${version}, and this is ${POSTGRES_MAJOR}. Choose another directory.`,
  );
}

/** Answers how to unlock. */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = join(path, LOCK);
  const mine = `${process.pid} ${(await statusOf(process.pid))?.start ?? ""}\n`;
  const draft = `${file}.${process.pid}`;
  if (held.has(path)) {
    throw new DataDirectoryError(`The data directory ${path} is in use by this process already.`, {
      inUse: true,
    });
  }
  held.add(path);
  try {
    await writeFile(draft, mine);
    for (let attempt = 1; ; attempt++) {
      try {
        await link(draft, file); // whole or not at all, unlike writing
        break;
      } catch (error) {
        if (codeOf(error) !== "EEXIST" || attempt === TAKEOVER_ATTEMPTS) throw error;
      }
      await removeStale(path, file);
    }
  } catch (error) {
    held.delete(path);
    throw unusable(path, error);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    held.delete(path);
    await rm(file, { force: true });
  };
}

/** Takes away the lock of a process that is gone. @throws DataDirectoryError if it still runs. */
async function removeStale(path: string, file: string): Promise<void> {
  const theirs = await contentOf(file);
  if (theirs === undefined) return;
  const [pid = 0, start = ""] = theirs.trim().split(" ");
  if (await isRunning(Number(pid), start)) {
    throw new DataDirectoryError(
      `The data directory ${path} is in use by another process (${pid}). Stop that one, or choose another directory.`,
      { inUse: true },
    );
  }
  const aside = `${file}.stale.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  // Another process may have done the same a moment before, and locked: then what was taken away is put back.
  if ((await contentOf(aside)) !== theirs) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isRunning(pid: number, start: string): Promise<boolean> {
  // This process also remembers its own locks. One with its id that it doesn't remember is from an earlier process.
  if (pid === process.pid || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  const now = await statusOf(pid);
  if (now === undefined) return true;
  return !ENDED.has(now.state) && (start === "" || now.start === start);
}

/** Zombie and dead: the process has ended, and its parent has not asked how. A container's first process may never ask. */
const ENDED = new Set(["Z", "X"]);

/** A process's state, and when it started, in the system's unit; undefined without /proc. */
async function statusOf(pid: number): Promise<{ state: string; start: string } | undefined> {
  const stat = await contentOf(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold spaces; after it come the state, and as the 22nd field of all the start.
  const [state = "", ...more] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return stat === undefined ? undefined : { state, start: more[18] ?? "" };
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** WASI's numbers, which are all that Emscripten's file system throws: https://github.com/WebAssembly/WASI/blob/v0.2.0/legacy/preview1/docs.md#errno */
const CODE_BY_WASI_NUMBER: Record<number, string> = { 2: "EACCES", 51: "ENOSPC", 63: "EPERM", 69: "EROFS" };

/** Why PGlite failed: not all that it throws is an Error. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  const { errno } = Object(thrown) as { errno?: unknown };
  if (typeof errno !== "number") return String(thrown);
  return REASONS[CODE_BY_WASI_NUMBER[errno] ?? ""] ?? `the file system failed with WASI's error ${errno}`;
}

const REASONS: Record<string, string> = {
  EACCES: "this user may not read and write it",
  EPERM: "this user may not read and write it",
  EROFS: "it lies on a read-only file system",
  ENOSPC: "the disk is full",
  EEXIST: "there is a file by that name",
  ENOENT: "it isn't there, and can't be made",
  ENOTDIR: "there is a file where a directory should be",
};

function unusable(path: string, error: unknown): DataDirectoryError {
  if (error instanceof DataDirectoryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DataDirectoryError(
    `The data directory ${path} can't be used: ${REASONS[codeOf(error) ?? ""] ?? message}.`,
    { cause: error },
  );
}
