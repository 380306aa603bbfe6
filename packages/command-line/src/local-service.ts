// The service that runs on this machine, as the commands of this repository find it: by a file in its data directory, which
// only its user can read. What is in the file opens what the service keeps from other users of the machine.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface LocalService {
  /** Its address, `http://localhost:3000`. */
  origin: string;
  /** What a request to run a job must show. Each start has another one. */
  key: string;
  /** The address of its mails, which opens them to whoever knows it. */
  outbox: string;
}

const FILE = "service.json";

/** The folder of the data, absolute: `NOTEJAM_DATA_DIR`, or `.notejam` in the repository. */
export function dataDirectory(environment: NodeJS.ProcessEnv): string {
  return resolve(environment.NOTEJAM_DATA_DIR || join(import.meta.dirname, "../../../.notejam"));
}

/** The path of the file. */
export function serviceFile(dataDir: string): string {
  return join(dataDir, FILE);
}

/**
 * Writes the file. It is complete and of mode 600 at any time.
 * @throws the system's error
 */
export function writeLocalService(dataDir: string, service: LocalService): void {
  const made = `${serviceFile(dataDir)}.${process.pid}`;
  rmSync(made, { force: true });
  writeFileSync(made, `${JSON.stringify(service)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(made, serviceFile(dataDir));
}

/** Removes the file, unless another service has written it since. */
export function removeLocalService(dataDir: string, { key }: LocalService): void {
  if (readLocalService(dataDir)?.key === key) rmSync(serviceFile(dataDir), { force: true });
}

/** @returns undefined if no service has written the file, or it can't be read */
export function readLocalService(dataDir: string): LocalService | undefined {
  try {
    return JSON.parse(readFileSync(serviceFile(dataDir), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The service at an address. A key is given to nobody else: another user's program may listen there.
 * @returns undefined if the one of the data directory is at another address
 */
export function localServiceAt(origin: string, environment: NodeJS.ProcessEnv): LocalService | undefined {
  const service = readLocalService(dataDirectory(environment));
  return service && addressesOf(service.origin).includes(origin) ? service : undefined;
}

/** It answers to each name of this machine. */
function addressesOf(origin: string): string[] {
  const { port } = new URL(origin);
  return ["localhost", "127.0.0.1", "[::1]"].map((name) => new URL(`http://${name}:${port}`).origin);
}
