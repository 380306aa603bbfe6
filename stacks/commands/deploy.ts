// `npm run deploy`: deploys a stage, and says where it is. The workflow `deploy` runs it for dev, staging and production.
import { VisibleError } from "sst/error.js";
import { runCommand, valuesOf } from "../runner/command.ts";
import { pullRequestOf, stageOfBranch } from "../stage/branch.ts";
import { regionOf, type Stage, stageOf } from "../stage/stage.ts";

const USAGE = `Deploys a stage, and prints the address of its site.

Usage: npm run deploy -- --stage <name> [--region <region>]
       npm run deploy -- --branch <branch> [--stage <name>] [--region <region>]

  --stage    production, staging, dev, or a person's name; with --branch, the branch's name is the default
  --branch   the stage is this branch's: no other branch can be deployed there, and it is removed in the night after the branch is
  --region   the AWS region (default: AWS_REGION)
  --help     prints this text

It needs credentials of the account, and the settings of the stage (stacks/README.md). A fixed stage keeps a newer commit of the same
history: then nothing is deployed, and the exit code is 1. In a GitHub workflow the address is also the step's output "site". The exit code is 0 if the
stage has this commit, otherwise 1.
`;

await runCommand(USAGE, async (args) => {
  const options = {
    stage: { type: "string" },
    branch: { type: "string" },
    region: { type: "string" },
  } as const;
  const { stage: name, branch, region: regionName } = valuesOf(args, options);
  const stage = branch === undefined ? withoutBranch(name) : stageOfBranch(branch, name);
  const region = regionOf(regionName);

  // They load AWS's clients. A refusal does not need them.
  const { deployedStages } = await import("../account/stages.ts");
  const { deployStage } = await import("../runner/deploy-stage.ts");
  const { orStop } = await import("../account/ask.ts");
  await deployStage(stage, region, branch, await orStop(deployedStages({ region })));
  return 0;
});

/** @throws VisibleError for a pull request's stage */
function withoutBranch(name: string | undefined): Stage {
  const stage = stageOf(name);
  const number = pullRequestOf(stage.name);
  if (number === undefined) return stage;
  throw new VisibleError(
    `${stage.name} is the stage of pull request ${number}. npm run preview -- deploy --pull-request ${number} deploys it.`,
  );
}
