// `npm run synth`: writes the CloudFormation templates of stages, as a deployment does, without credentials or a network. CI
// runs it with --all.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { command, Misused, Option } from "@notejam/command-line";
import { ENV } from "@notejam/core/config";
import { VisibleError } from "sst/error.js";
import { print, REGION, runCommand } from "../runner/command.ts";
import { takeLock } from "../runner/lock.ts";
import { BRANCH_VARIABLE, environmentOf, exampleSettings, SETTINGS } from "../stage/settings.ts";
import { anyStageOf, regionOf } from "../stage/stage.ts";

const HELP = `
Environment variables:
  NOTEJAM_ACCOUNT   the AWS account in the templates, 12 digits (default: 123456789012)

The settings of a stage (stacks/README.md) are read as for a deployment; examples stand in for those that it needs and lacks.

It prints a hash of all templates: the same commit gives the same one. The exit code is 0, or 1 if a stage can't be synthesised,
whose name is then printed; nothing is written then.`;

const ROOT = join(import.meta.dirname, "../..");
const CFN_LINT = "cfn-lint";

const REGIONS = ["eu-west-1", "us-west-2", "ap-southeast-2"];

/** What --all synthesises, each in these regions: a stage of each kind. */
const EVERY = ["production", "staging", "dev", "ana", "pr-1", "vault"];

interface Request {
  targets: { stage: string; region: string }[];
  all: boolean;
  account: string;
  /** The folder of the results. */
  to: string;
}

await runCommand(
  command(
    "npm run synth --",
    "Writes the CloudFormation templates of a stage, without credentials or a network.",
  )
    .option("--stage <name>", "production, staging, dev, a person's name, or pr-<number>")
    .option(...REGION)
    .option(
      "--all",
      "a stage of each kind in three regions, with example settings; then cfn-lint, where it is installed",
    )
    .addOption(
      new Option("--to <folder>", "the folder in which each stage and region gets a folder").default(
        join(ROOT, ".sst/synth"),
        ".sst/synth",
      ),
    )
    .addHelpText("after", HELP)
    .action(async ({ stage, region, all = false, to }) => {
      const request = requestOf(stage, region, all, to);
      mkdirSync(dirname(request.to), { recursive: true });
      const release = takeLock(
        `${request.to}.lock`,
        (pid) =>
          `Another synthesis (process ${pid}) is writing to ${shown(request.to)}. Wait until it has ended, or name another folder with --to.`,
      );
      // At the end, because SST writes its log there until then.
      process.once("exit", () => {
        rmSync(unfinished(request.to), { recursive: true, force: true });
        release();
      });
      process.exitCode = await write(request);
    }),
);

/** Where a synthesis works, beside the folder of its results. */
function unfinished(to: string): string {
  return `${to}.unfinished`;
}

function requestOf(stage: string | undefined, region: string | undefined, all: boolean, to: string): Request {
  const { NOTEJAM_ACCOUNT: account = "123456789012" } = process.env;
  if (all && (stage || region)) {
    throw new Misused("--all has its own stages and regions. Leave out --stage and --region.");
  }
  const targets = all
    ? EVERY.flatMap((stage) => REGIONS.map((region) => ({ stage, region })))
    : [{ stage: anyStageOf(stage).name, region: regionOf(region) }];
  if (!/^\d{12}$/.test(account))
    throw new VisibleError(`NOTEJAM_ACCOUNT must be 12 digits, not "${account}".`);
  return { targets, all, account, to: resolve(to) };
}

/** Synthesises all targets before it writes any. @returns the exit code */
async function write({ targets, all, account, to }: Request): Promise<number> {
  const made = join(unfinished(to), "made");
  const folders = targets.map(({ stage, region }) => `${stage}-${region}`);
  rmSync(unfinished(to), { recursive: true, force: true });
  const environment = (name: string) => {
    const stage = anyStageOf(name);
    const given = all ? withoutSettings(process.env) : environmentOf(stage, ROOT);
    return { ...exampleSettings(stage, account), ...given };
  };

  // It loads SST and the CDK, which takes two seconds. A refusal does not need them.
  const { openWorkshop } = await import("../synthesis/workshop.ts");
  const workshop = await openWorkshop(ROOT, join(unfinished(to), "scratch"), account);
  try {
    for (const [i, { stage, region }] of targets.entries()) {
      const outdir = join(made, folders[i] as string);
      await named(`${stage} in ${region}`, () =>
        workshop.make({ stage, region, environment: environment(stage), outdir }),
      );
      // Of --all only the templates stay: they name the assets by their hashes, and a stage has 25 MB of them.
      if (all) removeAssets(outdir);
      print(`✓ ${stage} in ${region}`);
    }
    const hash = hashOf(made);
    publish(made, folders, to, all);
    const templates = folders.flatMap((folder) => templatesIn(join(to, folder)));
    if (!all) for (const file of templates) print(shown(file));
    print(`${templates.length} templates in ${shown(to)}, SHA-256 ${hash}`);
    return all ? lint(templates) : 0;
  } finally {
    workshop.close();
  }
}

/** Whatever the shell has, the same commit gives the same templates. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names: string[] = [...Object.values(ENV), ...Object.keys(SETTINGS), BRANCH_VARIABLE];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}

/** Says which stage can't be synthesised. */
async function named(what: string, synthesis: () => Promise<unknown>): Promise<void> {
  try {
    await synthesis();
  } catch (error) {
    print(`✗ ${what}`);
    throw error;
  }
}

function removeAssets(assembly: string): void {
  for (const name of readdirSync(assembly).filter((one) => one.startsWith("asset."))) {
    rmSync(join(assembly, name), { recursive: true });
  }
}

/** SHA-256, in hex, of the paths and contents of all templates below a folder. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of templatesIn(folder)) {
    hash
      .update(`${relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function templatesIn(folder: string): string[] {
  return globSync("**/*.template.json", { cwd: folder })
    .sort()
    .map((file) => join(folder, file));
}

/** Replaces what an earlier synthesis wrote: with --all all of it, otherwise the same stage's. */
function publish(made: string, folders: string[], to: string, all: boolean): void {
  mkdirSync(to, { recursive: true });
  const earlier = all ? readdirSync(to).filter((name) => existsSync(join(to, name, "cdk.out"))) : [];
  for (const folder of [...earlier, ...folders]) rmSync(join(to, folder), { recursive: true, force: true });
  for (const folder of folders) renameSync(join(made, folder), join(to, folder));
}

/** Runs cfn-lint, which is a Python tool, where it is installed; .cfnlintrc.yaml lists what it ignores. @returns the exit code */
function lint(templates: string[]): number {
  if (spawnSync(CFN_LINT, ["--version"]).status !== 0) {
    print("cfn-lint is not installed, so the templates are not checked with it.");
    return 0;
  }
  const { status } = spawnSync(CFN_LINT, ["--", ...templates], { cwd: ROOT, stdio: "inherit" });
  print(`${status === 0 ? "✓" : "✗"} cfn-lint`);
  return status ?? 1;
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
