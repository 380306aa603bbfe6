// `npm run preflight`: asks an account and region for what a deployment of a stage would run into.
import { join } from "node:path";
import { command, EXIT } from "@notejam/command-line";
import { refuseAccount } from "../account/production-account.ts";
import type { Check, Outcome } from "../preflight/check.ts";
import { print, REGION, runCommand } from "../runner/command.ts";
import { environmentOf, settingsOf } from "../stage/settings.ts";
import { regionOf, stageOf } from "../stage/stage.ts";

const HELP = `
It needs credentials of the account (aws sts get-caller-identity answers), and the settings of the stage. Each line is a check:
✓ it is fine, ✗ a problem, with what mends it, ? it can't be asked, · a remark. The exit code is 0 if there is no problem and all
could be asked, otherwise 1.`;

const ROOT = join(import.meta.dirname, "../..");

const SIGN: Record<Outcome["kind"], string> = { fine: "✓", problem: "✗", unasked: "?", note: "·" };

await runCommand(
  command(
    "npm run preflight --",
    "Asks the account and region for what a deployment of a stage would run into, and changes nothing.",
  )
    .option("--stage <name>", "production, staging, dev, a person's name, or pr-<number>")
    .option(...REGION)
    .addHelpText("after", HELP)
    .action(async ({ stage: stageName, region: regionName }) => {
      const stage = stageOf(stageName);
      const region = regionOf(regionName);
      const { productionAccount, mailFrom } = settingsOf(stage, environmentOf(stage, ROOT));

      // They load AWS's clients, and the CDK. A refusal does not need them.
      const { expectRegion, identityOf } = await import("../account/identity.ts");
      const { preflight } = await import("../preflight/preflight.ts");
      const { ENGINE_VERSION: engineVersion } = await import("../data/database.ts");

      const identity = await identityOf({ region });
      const { account, arn } = identity;
      print(`${stage.name} in ${region}, account ${account}, as ${arn}`);
      refuseAccount(stage, productionAccount, account);
      await expectRegion(region, identity);
      const target = { account, region, sender: mailFrom?.address, engineVersion };
      const outcomes = await preflight(stage, target, tell);

      const count = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
      print(`Fine: ${count("fine")}, problems: ${count("problem")}, not asked: ${count("unasked")}`);
      if (count("problem") + count("unasked") > 0) process.exitCode = EXIT.failed;
    }),
);

function tell({ name }: Check, outcome: Outcome): void {
  print(`${SIGN[outcome.kind]} ${name}: ${outcome.says}`);
  if (outcome.kind === "problem") print(`    ${outcome.mend}`);
}
