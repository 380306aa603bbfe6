// `npm run deploy`: deploys a stage, and says where it is. The workflow `deploy` runs it for dev, staging and production.
import { command } from "@notejam/command-line";
import { VisibleError } from "sst/error.js";
import { REGION, runCommand } from "../runner/command.ts";
import { pullRequestOf, stageOfBranch } from "../stage/branch.ts";
import { regionOf, type Stage, stageOf } from "../stage/stage.ts";

const HELP = `
It needs credentials of the account, and the settings of the stage (stacks/README.md). A fixed stage keeps a newer commit of the same
history: then nothing is deployed, and the exit code is 1. In a GitHub workflow the address is also the step's output "site". The
exit code is 0 if the stage has this commit.`;

await runCommand(
  command("npm run deploy --", "Deploys a stage, and prints the address of its site.")
    .option(
      "--stage <name>",
      "production, staging, dev, or a person's name; with --branch, the branch's name is the default",
    )
    .option(
      "--branch <branch>",
      "the stage is this branch's: no other branch can be deployed there, and it is removed in the night after the branch is",
    )
    .option(...REGION)
    .addHelpText("after", HELP)
    .action(async ({ stage: name, branch, region: regionName }) => {
      const stage = branch === undefined ? withoutBranch(name) : stageOfBranch(branch, name);
      const region = regionOf(regionName);

      // They load AWS's clients. A refusal does not need them.
      const { deployedStages } = await import("../account/stages.ts");
      const { deployStage } = await import("../runner/deploy-stage.ts");
      const { orStop } = await import("../account/ask.ts");
      await deployStage(stage, region, branch, await orStop(deployedStages({ region })));
    }),
);

/** @throws VisibleError for a pull request's stage */
function withoutBranch(name: string | undefined): Stage {
  const stage = stageOf(name);
  const number = pullRequestOf(stage.name);
  if (number === undefined) return stage;
  throw new VisibleError(
    `${stage.name} is the stage of pull request ${number}. npm run preview -- deploy --pull-request ${number} deploys it.`,
  );
}
