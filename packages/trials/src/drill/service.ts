// Notejam as `npm start` runs it, as a child process that a drill can end and kill.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import type { Place } from "./engines.ts";

export interface RunningService {
  origin: string;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

/** @throws Error with what it said, if it does not start */
export async function startService(dataDir: string, place: Place): Promise<RunningService> {
  const child = spawn(process.execPath, [join(ROOT, "packages/local/src/start.ts")], {
    env: { ...process.env, ...place.environment, PORT: "0", NOTEJAM_DATA_DIR: dataDir },
    // With a channel it ends when this process does, however that ends.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const origin = await originOf(child);
  const end = (signal: NodeJS.Signals) => {
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    child.kill(signal);
    return ended;
  };
  return { origin, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
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
