// Runs SST's command line on a stage, for the commands that deploy and remove.
import { join } from "node:path";
import { VisibleError } from "sst/error.js";
import { Ended, runProgram } from "./program.ts";

const ROOT = join(import.meta.dirname, "../..");

/**
 * @param environment variables beside those of this process
 * @throws VisibleError if it fails: SST has then printed why
 */
export async function sst(
  command: "deploy" | "remove",
  stage: string,
  region: string,
  environment: Record<string, string | undefined> = {},
): Promise<void> {
  const args = [join(ROOT, "node_modules/sst/cli/sst.js"), command, "--stage", stage, "--region", region];
  // The code of stacks and builds needs no access to GitHub.
  const env = { ...process.env, GITHUB_TOKEN: undefined, ...environment };
  const code = await runProgram(process.execPath, args, { cwd: ROOT, env }).catch((error) => {
    // The command ends too: one that runs SST several times must not go on. CloudFormation goes on by itself.
    if (error instanceof Ended) process.kill(process.pid, error.signal);
    throw error;
  });
  if (code !== 0) throw new VisibleError(`The stage ${stage} could not be ${DONE[command]}.`);
}

const DONE = { deploy: "deployed", remove: "removed" } as const;
