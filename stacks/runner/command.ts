// How the commands of this workspace run: what SST and our stacks refuse is a sentence for the user.
import { run } from "@notejam/command-line";
import { VisibleError } from "sst/error.js";

export const REGION = ["--region <region>", "the AWS region (default: AWS_REGION)"] as const;

export function runCommand(program: Parameters<typeof run>[0]): Promise<void> {
  return run(program, (error) => (error instanceof VisibleError ? error.message : undefined));
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
