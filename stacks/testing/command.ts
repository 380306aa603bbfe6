// Runs a command of this workspace as npm does, in a shell without a region.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ENV } from "@notejam/core/config";
import { BRANCH_VARIABLE, SETTINGS } from "../stage/settings.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** What the shell of whoever runs the tests sets must not matter, nor what a test of the same process has set. */
export const UNSET = Object.fromEntries(
  [...Object.values(ENV), ...Object.keys(SETTINGS), BRANCH_VARIABLE].map((name) => [name, undefined]),
);

/**
 * @param file relative to the repository's root
 * @param folder in which it runs, as npm runs it in the repository's root
 */
export async function run(
  file: string,
  args: string[],
  environment: Record<string, string | undefined> = {},
  folder = ROOT,
) {
  const child = spawn(process.execPath, [join(ROOT, file), ...args], {
    cwd: folder,
    env: {
      ...process.env,
      ...UNSET,
      NODE_ENV: undefined,
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: undefined,
      SST_TELEMETRY_DISABLED: "1",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, stdout, stderr };
}
