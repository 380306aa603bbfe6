// Notejam as `npm start` runs it, in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";

export interface RunningService {
  origin: string;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * @param environment added to this process's
 * @throws Error with what it said, if it does not start
 */
export async function startService(
  dataDir: string,
  environment: Record<string, string>,
): Promise<RunningService> {
  const child = spawn(process.execPath, [join(ROOT, "packages/local/src/start.ts")], {
    env: { ...process.env, ...environment, PORT: "0", NOTEJAM_DATA_DIR: dataDir },
    // With a channel it ends when this process does, however that ends.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = once(child, "exit");
  return {
    origin: await originOf(child),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function originOf(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const origin = /http:\/\/localhost:\d+/.exec(said)?.[0];
        if (origin) resolve(origin);
      });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Notejam did not start: ${said}`)));
  });
}
