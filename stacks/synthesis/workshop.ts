// Where commands synthesise stages: in this process, one after the other, with a stand-in for what SST asks of AWS.
import { mkdirSync } from "node:fs";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { preparedAccount } from "./prepared-account.ts";
import { type Bundles, synthesise } from "./synthesise.ts";

interface Target {
  stage: string;
  region: string;
  /** The settings of the stage, and the shell's variables. */
  environment: NodeJS.ProcessEnv;
  /** The folder that gets templates, asset manifests and assets. */
  outdir: string;
}

/**
 * @param root the repository
 * @param scratch a folder for what SST and Vite build on the way; SST writes its log there until the process ends
 * @param account twelve digits
 */
export async function openWorkshop(root: string, scratch: string, account: string) {
  const own = { ...process.env };
  const bundles: Bundles = new Map();
  mkdirSync(scratch, { recursive: true });
  const aws = await preparedAccount(account);
  process.chdir(root);

  return {
    /** @throws what the stacks throw; then no other can be made, because SST may still be at work on this one */
    async make({ stage, region, environment, outdir }: Target): Promise<CloudAssembly> {
      setEnvironment({ ...environment, ...aws.environment });
      try {
        return await synthesise({
          stage,
          region,
          account,
          mode: "deploy",
          scratch,
          outdir,
          bundles,
          bundleKey: (functionId) => functionId,
        });
      } finally {
        // A stage's .env file is not for the next stage.
        setEnvironment(own);
      }
    },
    close: aws.close,
  };
}

function setEnvironment(wanted: Record<string, string | undefined>): void {
  for (const name of Object.keys(process.env)) if (wanted[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) process.env[name] = value;
}
