// Runs the programs of `npm start` and `npm run dev` on a free port, and ends them with the test.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ROOT } from "../settings.ts";

export interface Running {
  child: ChildProcess;
  /** Everything that it has printed so far. */
  stdout: string;
  stderr: string;
  /** How it ended. */
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface Serving {
  running: Running;
  /** `http://localhost:40001`. */
  origin: string;
  port: number;
  /** Ends it by a signal. @returns how it ended */
  end(...signals: NodeJS.Signals[]): Running["exit"];
}

/** What runs: the program itself, or the commands that start it. */
const PROGRAMS = {
  start: [process.execPath, "--liftoff-only", join(ROOT, "packages/local/src/start.ts")],
  dev: [process.execPath, "--liftoff-only", join(ROOT, "packages/local/src/dev.ts")],
  "bootstrap start": [process.execPath, join(ROOT, "packages/tools/bootstrap.mjs"), "start"],
  "npm start": ["npm", "start", "--"],
};

/** @param environment added to this process's, without the variables that the program reads */
export function run(
  program: keyof typeof PROGRAMS,
  environment: Record<string, string>,
  args: string[] = [],
): Running {
  const { DATABASE_URL, NOTEJAM_DATA_DIR, ...inherited } = process.env;
  const [file = "", ...first] = PROGRAMS[program];
  const child = spawn(file, [...first, ...args], {
    cwd: ROOT,
    env: { ...inherited, PORT: "0", ...environment },
  });
  const exit: Running["exit"] = new Promise((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  const running: Running = { child, stdout: "", stderr: "", exit };
  child.stdout.on("data", (text) => (running.stdout += text));
  child.stderr.on("data", (text) => (running.stderr += text));
  return running;
}

/**
 * Runs it until it prints its address.
 * @throws Error with its output, if it ends before that
 */
export async function serve(...command: Parameters<typeof run>): Promise<Serving> {
  const running = run(...command);
  const origin = await new Promise<string>((resolve, reject) => {
    running.child.stdout?.on("data", () => {
      const said = /^Notejam is at (http:\/\/localhost:\d+) /m.exec(running.stdout)?.[1];
      if (said) resolve(said);
    });
    void running.exit.then(() => reject(new Error(`It did not start: ${running.stderr}`)));
  });
  return {
    running,
    origin,
    port: Number(new URL(origin).port),
    end(...signals) {
      for (const signal of signals) running.child.kill(signal);
      return running.exit;
    },
  };
}

/** The link to the mails, which the start prints. */
export function outboxOf({ running }: Serving): string {
  return /Mails: (\S+)/.exec(running.stdout)?.[1] ?? "";
}

/** Like `serve`, and ends it when the test has ended. */
export async function serveForTest(...command: Parameters<typeof run>): Promise<Serving> {
  const serving = await serve(...command);
  onTestFinished(() => serving.end("SIGKILL").then(() => undefined));
  return serving;
}
