// Runs a tool of the project as a child process and keeps its output, so that only a check that fails prints it.
import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { ROOT } from "@notejam/local/settings";

export interface Outcome {
  /** The exit code; null if a signal ended it. */
  code: number | null;
  /** Standard output and standard error, in the order of their arrival. */
  output: string;
}

export interface RunOptions {
  cwd?: string;
  /** Variables added to those of this process. */
  env?: Record<string, string | undefined>;
}

const running = new Set<ChildProcess>();

/** Runs `command` from the project's `node_modules/.bin` or the PATH. Never rejects: a command that can't start has code 127. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const path = [join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter);
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NO_COLOR: "1", PATH: path, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    const finish = (code: number | null, more = "") => {
      running.delete(child);
      done({ code, output: Buffer.concat(chunks).toString() + more });
    };
    child.on("error", (error) => finish(127, `${command} could not be started: ${error.message}\n`));
    child.on("close", (code) => finish(code));
  });
}

/** Ends the children if a signal ends this process. */
export function endChildrenOnSignals() {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      process.exit(code);
    });
  }
}
