// `npm run preflight`: asks an account and region for what a deployment of a stage would run into.
import { join } from "node:path";
import { refuseAccount } from "../account/production-account.ts";
import type { Check, Outcome } from "../preflight/check.ts";
import { runCommand, valuesOf } from "../runner/command.ts";
import { environmentOf, settingsOf } from "../stage/settings.ts";
import { regionOf, stageOf } from "../stage/stage.ts";

const USAGE = `Asks the account and region for what a deployment of a stage would run into, and changes nothing.

Usage: npm run preflight -- --stage <name> [--region <region>]

  --stage    production, staging, dev, a person's name, or pr-<number>
  --region   the AWS region (default: AWS_REGION)
  --help     prints this text

It needs credentials of the account (aws sts get-caller-identity answers), and the settings of the stage. Each line is a check:
✓ it is fine, ✗ a problem, with what mends it, ? it can't be asked, · a remark. The exit code is 0 if there is no problem and all
could be asked, otherwise 1.
`;

const ROOT = join(import.meta.dirname, "../..");

const SIGN: Record<Outcome["kind"], string> = { fine: "✓", problem: "✗", unasked: "?", note: "·" };

await runCommand(USAGE, async (args) => {
  const options = { stage: { type: "string" }, region: { type: "string" } } as const;
  const { stage: stageName, region: regionName } = valuesOf(args, options);
  const stage = stageOf(stageName);
  const region = regionOf(regionName);

  const environment = environmentOf(stage, ROOT);
  const { productionAccount, mailFrom } = settingsOf(stage, environment);

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
  return count("problem") + count("unasked") === 0 ? 0 : 1;
});

function tell({ name }: Check, outcome: Outcome): void {
  print(`${SIGN[outcome.kind]} ${name}: ${outcome.says}`);
  if (outcome.kind === "problem") print(`    ${outcome.mend}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
