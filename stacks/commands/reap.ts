// `npm run reap`: removes the stages that nobody needs any more. The workflow `reap` runs it each night.
import { command, EXIT } from "@notejam/command-line";
import { VisibleError } from "sst/error.js";
import type { DeployedStage } from "../account/stages.ts";
import { print, REGION, runCommand } from "../runner/command.ts";
import { github } from "../runner/github.ts";
import { pullRequestOf } from "../stage/branch.ts";
import { type AnyStage, anyStageOf, regionOf } from "../stage/stage.ts";

const HELP = `
Fixed stages are never looked at. A person's stage, which records no branch, is kept. A stage that is being changed is left for the
next time. If GitHub does not answer, nothing is removed.

Environment variables, which a GitHub workflow sets, GITHUB_TOKEN if it is handed over:
  GITHUB_REPOSITORY   as in owner/notejam
  GITHUB_TOKEN        may read pull requests and branches
  GITHUB_API_URL      default: https://api.github.com

It prints a line for each stage. The exit code is 0, or 1 if a stage could not be removed.`;

/** This branch always exists. A list without it is not believed. */
const MAIN = "main";

/** Why a stage stays, or why it goes. */
type Verdict = { fate: "kept" | "left" | "goes"; why: string };

interface Living {
  pullRequests: ReadonlySet<number>;
  branches: ReadonlySet<string>;
}

await runCommand(
  command(
    "npm run reap --",
    "Removes the stages of closed pull requests and of branches that are gone, with their data.",
  )
    .option("--dry-run", "remove nothing, and say what would be removed")
    .option(...REGION)
    .addHelpText("after", HELP)
    .action(async ({ dryRun = false, region }) => {
      if (!(await reap(regionOf(region), dryRun))) process.exitCode = EXIT.failed;
    }),
);

/** @returns whether all that nobody needs is gone */
async function reap(region: string, dry: boolean): Promise<boolean> {
  const repository = github();
  const { changing, deployedStages } = await import("../account/stages.ts");
  const { orStop } = await import("../account/ask.ts");
  const { sst } = await import("../runner/sst.ts");

  async function verdicts(): Promise<Map<string, Verdict>> {
    // The stages first: what is made after the question to GitHub must not count as dead.
    const stages = await orStop(deployedStages({ region }));
    const living = {
      pullRequests: await repository.openPullRequests(),
      branches: await repository.branches(),
    };
    if (!living.branches.has(MAIN)) {
      throw new VisibleError(
        `GitHub names no branch ${MAIN}, so its list is not believed. Nothing is removed.`,
      );
    }
    const found = [...stages.values()].filter(({ stage }) => knownStage(stage)?.fixed === false);
    found.sort((a, b) => a.stage.localeCompare(b.stage));
    return new Map(found.map((one) => [one.stage, verdictOf(one, changing(one), living)]));
  }

  let failed = 0;
  for (const [stage, first] of await verdicts()) {
    // The removals before it have taken minutes each, in which a pull request can be opened again.
    const { fate, why } = first.fate === "goes" && !dry ? ((await verdicts()).get(stage) ?? first) : first;
    if (fate !== "goes") say(fate, stage, why);
    else if (dry) say("would be removed", stage, why);
    else {
      try {
        await sst("remove", stage, region);
        say("removed", stage, why);
      } catch (error) {
        if (!(error instanceof VisibleError)) throw error;
        failed++;
        say("not removed", stage, `${why}. ${error.message}`);
      }
    }
  }
  return failed === 0;
}

function verdictOf({ stage, branch }: DeployedStage, busy: string | undefined, living: Living): Verdict {
  const number = pullRequestOf(stage);
  if (number !== undefined && living.pullRequests.has(number)) {
    return { fate: "kept", why: `pull request ${number} is open` };
  }
  if (number === undefined && branch === undefined) {
    return { fate: "kept", why: "it records no branch, so it is a person's" };
  }
  if (number === undefined && branch !== undefined && living.branches.has(branch)) {
    return { fate: "kept", why: `its branch ${branch} is there` };
  }
  if (busy) return { fate: "left", why: `${busy}, so the next run looks again` };
  return {
    fate: "goes",
    why: number === undefined ? `its branch ${branch} is gone` : `pull request ${number} is not open`,
  };
}

/** Undefined for a name that no stage can have. */
function knownStage(name: string): AnyStage | undefined {
  try {
    return anyStageOf(name);
  } catch {
    return undefined;
  }
}

function say(fate: string, stage: string, why: string): void {
  print(`${fate.padEnd(16)} ${stage}: ${why}`);
}
