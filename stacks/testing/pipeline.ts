// What a workflow's commands meet: an account, GitHub, and SST's stand-in. They are shared by the tests of a file.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type StubAccount, stubAccount } from "./cloudformation.ts";
import { ROOT, run } from "./command.ts";
import { type StubGitHub, stubGitHub } from "./github.ts";

/** With this SST's command line only asks CloudFormation. */
export const SST_STANDS_IN = {
  NODE_OPTIONS: `--import ${pathToFileURL(join(ROOT, "stacks/testing/sst.mjs"))}`,
};

/** What a workflow sets, and a shell here may have too. */
export const NO_WORKFLOW = {
  GITHUB_EVENT_PATH: undefined,
  GITHUB_OUTPUT: undefined,
  GITHUB_REPOSITORY: undefined,
  GITHUB_TOKEN: undefined,
};

export interface Surroundings {
  account: StubAccount;
  github: StubGitHub;
  /** Empties both. */
  reset(): void;
  /** Runs a command of stacks/commands, as npm does. */
  command(
    file: string,
    args: string[],
    environment?: Record<string, string | undefined>,
  ): ReturnType<typeof run>;
  close(): void;
}

export async function surroundings(): Promise<Surroundings> {
  const [account, github] = await Promise.all([stubAccount("111122223333"), stubGitHub()]);
  return {
    account,
    github,
    reset() {
      Object.assign(account, { stacks: {}, foreign: [], snapshots: [], refuses: undefined });
      account.changes.length = 0;
      Object.assign(github, { pullRequests: {}, branches: ["main"], comments: [], fails: undefined });
      github.changes.length = 0;
    },
    command: (file, args, environment = {}) =>
      run(`stacks/commands/${file}`, args, {
        ...NO_WORKFLOW,
        AWS_REGION: "eu-west-1",
        ...account.environment,
        ...github.environment,
        ...SST_STANDS_IN,
        ...environment,
      }),
    close() {
      account.close();
      github.close();
    },
  };
}

/** A stage's stacks in an account, as CloudFormation has them. */
export function stacksOf(
  stage: string,
  outputs: Record<string, string> = {},
  status = "UPDATE_COMPLETE",
): StubAccount["stacks"] {
  return {
    [`${stage}-notejam-data`]: { status: "UPDATE_COMPLETE", outputs: {} },
    [`${stage}-notejam-app`]: { status, outputs },
  };
}
