// Runs SST's command line on a stage, for the commands that deploy and remove.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { VisibleError } from "sst/error.js";

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
  const args = [
    join(ROOT, "node_modules/sst/cli/sst.js"),
    command,
    ...["--stage", stage, "--region", region],
  ];
  // The code of stacks and builds needs no access to GitHub.
  const env = { ...process.env, GITHUB_TOKEN: undefined, ...environment };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  // A runner that is stopped, or Ctrl-C, ends SST. CloudFormation goes on by itself.
  let endedBy: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals) => {
    endedBy = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const [code] = (await once(child, "exit")) as [number | null];
  for (const signal of SIGNALS) process.off(signal, end);
  // The command ends too: one that runs SST several times must not go on.
  if (endedBy) process.kill(process.pid, endedBy);
  if (code !== 0) throw new VisibleError(`The stage ${stage} could not be ${DONE[command]}.`);
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const DONE = { deploy: "deployed", remove: "removed" } as const;
