// Runs another program, whose output is shown. A signal that asks this process to end ends that program first.
import { spawn } from "node:child_process";
import { once } from "node:events";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal asked this process to end, and has ended the program. */
export class Ended extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`Ended by ${signal}.`);
    this.signal = signal;
  }
}

/** @returns its exit code @throws Ended */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number | null> {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "inherit", "inherit"] });
  let endedBy: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals) => {
    endedBy = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    if (endedBy) throw new Ended(endedBy);
    return code;
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}
