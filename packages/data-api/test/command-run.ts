// A run of `notejam-data-api` in a process of its own, with what it printed and how it ended.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

const PACKAGE = new URL("../package.json", import.meta.url);
const MANIFEST = JSON.parse(readFileSync(PACKAGE, "utf8")) as {
  version: string;
  bin: Record<string, string>;
};
export const VERSION = MANIFEST.version;
const COMMAND = fileURLToPath(new URL(MANIFEST.bin["notejam-data-api"] ?? "", PACKAGE));

/** How a process ended: by itself with a code, or by a signal. */
export interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class CommandRun implements AsyncDisposable {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<End>;
  stdout = "";
  stderr = "";
  #hasEnded = false;

  /** @param environment all that it knows besides the PATH */
  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, ["--liftoff-only", COMMAND, ...args], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        this.#hasEnded = true;
        resolve({ code, signal });
      });
    });
  }

  /** Runs the command, on a free port unless told, until it is ready. @throws Error with what it said, where it ends instead. */
  static async start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandRun> {
    const port = args.includes("--port") ? [] : ["--port", "0"];
    const run = new CommandRun([...port, ...args], environment);
    const ready = () => run.url !== undefined || run.#hasEnded;
    await vi.waitUntil(ready, { timeout: 30_000, interval: 10 });
    if (run.url === undefined) throw new Error(`It ended instead: ${run.stderr}`);
    return run;
  }

  /** Where it listens; undefined before it says so. */
  get url(): string | undefined {
    return /^.* (http:\/\/\S+)\n/.exec(this.stdout)?.[1];
  }

  /** The complete lines of standard error. */
  get lines(): string[] {
    return this.stderr.split("\n").slice(0, -1);
  }

  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<End> {
    this.child.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose]() {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}
