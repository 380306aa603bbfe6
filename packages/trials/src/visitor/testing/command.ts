// Runs a command as npm does, and keeps what it writes.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param meanwhile sees the process, and what it has written, whenever it writes to stderr */
export async function command(
  args: [name: string, ...args: string[]],
  meanwhile?: (child: ChildProcess, stderr: string) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, "packages/tools/bootstrap.mjs"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (output.stdout += text));
  child.stderr.on("data", (text) => {
    output.stderr += text;
    meanwhile?.(child, output.stderr);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
}
