// Starts Notejam by its command, on a free port and with data of its own, for the tests that use it as people do.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

export interface Service {
  origin: string;
  /** Mails that were sent to `address`, the newest first. */
  mailsTo(address: string): Promise<Mail[]>;
  stop(): Promise<void>;
}

/** @throws Error with what it printed, where it does not start. */
export async function startService(): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), "notejam-e2e-"));
  const child = spawn(process.execPath, ["packages/tools/bootstrap.mjs", "start"], {
    cwd: ROOT,
    env: { ...process.env, PORT: "0", NOTEJAM_DATA_DIR: dataDir, NODE_ENV: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const origin = await printedOrigin(child);
  return {
    origin,
    mailsTo: mailsOf(origin),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function printedOrigin(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk;
      const origin = /http:\/\/localhost:\d+/.exec(printed)?.[0];
      if (origin) resolve(origin);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`Notejam did not start:\n${printed}`)));
  });
}

function mailsOf(origin: string) {
  return async (address: string): Promise<Mail[]> => {
    const response = await fetch(`${origin}/_outbox`, { headers: { accept: "application/json" } });
    const { mails } = (await response.json()) as { mails: Mail[] };
    return mails.filter((mail) => mail.to.includes(address));
  };
}
