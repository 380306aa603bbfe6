// `npm run rollback`: returns a stage to the release before it. What it does is in ../rollback.
import { VisibleError } from "sst/error.js";
import { isRecorded } from "../rollback/release-parameters.ts";
import { runCommand, valuesOf } from "../runner/command.ts";
import { regionOf, stageOf } from "../stage/stage.ts";

const USAGE = `Returns a stage to the release before it: code and page, never data.

Usage: npm run rollback -- --stage <name> [--region <region>] [--to <commit>] [--dry-run]

  --stage     production, staging or dev
  --region    the AWS region (default: AWS_REGION)
  --to        an earlier release instead of the one before: its commit, or the beginning of it
  --dry-run   says what would be done, and changes nothing
  --help      prints this text

It finds the releases in the stage's record in SSM, and their code in this checkout's git. It deploys the stack app from a checkout
of its own, with all requests at once on the former code. The stacks data and recovery, and what is in the database, stay as they
are: migrations are not taken back, and a contraction can forbid it. A second rollback goes one release further back. It
needs credentials of the account and the settings of the stage, like a deployment.

The exit code is 0 if the stage runs the former release, or could with --dry-run; 1 if not; 130 or 143 if a signal has ended it.
stacks/RUNBOOKS.md, "A bad deployment", says when to use it.
`;

await runCommand(USAGE, async (args) => {
  const options = {
    stage: { type: "string" },
    region: { type: "string" },
    to: { type: "string" },
    "dry-run": { type: "boolean", default: false },
  } as const;
  const { stage: stageName, region: regionName, to, "dry-run": isDry } = valuesOf(args, options);
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
  return rollBack(process.cwd(), { stage, region, to, isDry }, (line) => process.stdout.write(`${line}\n`));
});
