// Starts Notejam by its command, on a free port and with its own data, for tests that use it as people do.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

export interface Service {
  origin: string;
  /** Where its mails are. */
  outbox: string;
  stop(): Promise<void>;
}

/**
 * @param environment variables for it
 * @throws Error with the command's output if it does not start
 */
export async function startService(environment: Record<string, string> = {}): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), "notejam-e2e-"));
  const child = spawn(process.execPath, ["packages/tools/bootstrap.mjs", "start"], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: "0",
      NOTEJAM_DATA_DIR: dataDir,
      NODE_ENV: undefined,
      // The users of all tests sign up from one address.
      NOTEJAM_ATTEMPTS_PER_ADDRESS: "10000",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    ...(await printed(child)),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function printed(child: ChildProcess): Promise<Pick<Service, "origin" | "outbox">> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      const [, origin, outbox] = /(http:\/\/localhost:\d+) .*Mails: (\S+)\n/.exec(output) ?? [];
      if (origin && outbox) resolve({ origin, outbox });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`Notejam did not start:\n${output}`)));
  });
}
