// `npm run rollback`: returns a stage to the release before it. What it does is in ../rollback.
import { command } from "@notejam/command-line";
import { VisibleError } from "sst/error.js";
import { isRecorded } from "../rollback/release-parameters.ts";
import { print, REGION, runCommand } from "../runner/command.ts";
import { regionOf, stageOf } from "../stage/stage.ts";

const HELP = `
It finds the releases in the stage's record in SSM, and their code in this checkout's git. It deploys the stack app from a checkout
of its own, with all requests at once on the former code. The stacks data and recovery, and what is in the database, stay as they
are: migrations are not taken back, and a contraction can forbid it. A second rollback goes one release further back. It needs
credentials of the account and the settings of the stage, like a deployment.

The exit code is 0 if the stage runs the former release, or could with --dry-run; 1 if not; 130 or 143 if a signal has ended it.
stacks/RUNBOOKS.md, "A bad deployment", says when to use it.`;

await runCommand(
  command("npm run rollback --", "Returns a stage to the release before it: code and page, never data.")
    .option("--stage <name>", "production, staging or dev")
    .option(...REGION)
    .option(
      "--to <commit>",
      "an earlier release instead of the one before: its commit, or the beginning of it",
    )
    .option("--dry-run", "say what would be done, and change nothing")
    .addHelpText("after", HELP)
    .action(async ({ stage: stageName, region: regionName, to, dryRun: isDry = false }) => {
      const stage = stageOf(stageName);
      const region = regionOf(regionName);
      if (!isRecorded(stage)) {
        throw new VisibleError(
          `The releases of ${stage.name} are not recorded. Check out the commit that you want, and deploy it: npx sst deploy --stage ${stage.name}`,
        );
      }
      // It loads AWS's clients. A refusal does not need them.
      const { rollBack } = await import("../rollback/rollback.ts");
      // npm runs its scripts in the repository's folder.
      process.exitCode = await rollBack(process.cwd(), { stage, region, to, isDry }, print);
    }),
);
