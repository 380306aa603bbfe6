// A rollback, from what AWS and git say to the deployment of the former commit. It deploys the stack `app` alone, so the stacks with
// data are not touched whatever that commit had in them.
import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { basename, delimiter, join } from "node:path";
import { VisibleError } from "sst/error.js";
import { takeLock } from "../runner/lock.ts";
import { Ended, runProgram } from "../runner/program.ts";
import { environmentOf, settingsOf } from "../stage/settings.ts";
import type { Stage } from "../stage/stage.ts";
import { copySettings, hasSameFile } from "./checkout.ts";
import type { Recorded } from "./line.ts";
import { borrowPackages } from "./packages.ts";
import { type Plan, planOf } from "./plan.ts";
import { askAws } from "./release-history.ts";
import { type Repository, repositoryAt } from "./repository.ts";

export interface Wish {
  stage: Stage;
  region: string;
  /** Names the release to go to; undefined: the one before the present. */
  to: string | undefined;
  /** Only says what would be done. */
  isDry: boolean;
}

type Print = (line: string) => void;

const SHOWN_MAX = 20;
/** SST deploys the stacks whose names match: of a fixed stage, the one with the code. */
const APP_ALONE = "app$";

/**
 * @param root the repository
 * @returns the exit code of the command
 * @throws VisibleError saying why the stage can't go back, or that it has not
 */
export async function rollBack(
  root: string,
  { stage, region, to, isDry }: Wish,
  print: Print,
): Promise<number> {
  const { productionAccount } = settingsOf(stage, environmentOf(stage, root));
  const git = await repositoryAt(root);
  const { account, site, isUndone, ...releases } = await askAws(stage, region, productionAccount);
  const plan = await planOf(git, stage, releases, to);
  if (isUndone && to === undefined) {
    throw new VisibleError(
      `The last deployment of ${stage.name} failed and is undone already: it runs ${await git.shown(plan.present.commit)}. To go back further, name the release with --to.`,
    );
  }
  print(`${stage.name} in ${region}, account ${account}`);
  await show(git, plan, print);
  if (isDry) {
    print("Nothing is changed (--dry-run).");
    return 0;
  }

  const { commit } = plan.target;
  const code = await goBack({ root, git, stage, region, commit }, print);
  if (code !== 0) return code;
  print(`${stage.name} runs ${await git.shown(commit)}.`);
  if (site) print(`Walk through it: npm run smoke -- ${site}`);
  print(
    "What was taken back comes again with the next deployment: cancel those that wait, also for an approval, and revert it on main.",
  );
  return 0;
}

async function show(git: Repository, { present, target }: Plan, print: Print): Promise<void> {
  print(`from ${await git.shown(present.commit)} (since ${timeOf(present)})`);
  print(`to   ${await git.shown(target.commit)} (released ${timeOf(target)})`);
  const list = (title: string, all: readonly string[]) => {
    if (all.length === 0) return;
    print(`${title}: ${all.length}`);
    for (const one of all.slice(0, SHOWN_MAX)) print(`  ${one}`);
    if (all.length > SHOWN_MAX) print(`  and ${all.length - SHOWN_MAX} more`);
  };
  list("Commits that are taken back", await git.added(present.commit, target.commit));
  list("Commits that come again", await git.added(target.commit, present.commit));
  const known = await git.migrationsOf(target.commit);
  const stay = [...(await git.migrationsOf(present.commit)).keys()].filter((name) => !known.has(name));
  list("Migrations that stay", stay);
}

interface Deployment {
  root: string;
  git: Repository;
  stage: Stage;
  region: string;
  commit: string;
}

/** Deploys a commit from a checkout of its own, and takes that away again. @returns the exit code */
async function goBack({ root, git, stage, region, commit }: Deployment, print: Print): Promise<number> {
  const folder = join(root, ".sst", `rollback-${stage.name}`);
  mkdirSync(join(root, ".sst"), { recursive: true });
  const release = takeLock(
    `${folder}.lock`,
    (pid) => `Another rollback of ${stage.name} (process ${pid}) is under way. Wait until it has ended.`,
  );
  try {
    await git.checkOut(commit, folder);
    const left = await copySettings(stage, root, folder, (name) => git.mentions(commit, name));
    for (const name of left) print(`${name} is left out: that release does not know it.`);
    if (hasSameFile("package-lock.json", root, folder)) borrowPackages(root, folder);
    else await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], folder);

    const sst = join(folder, "node_modules/sst/cli/sst.js");
    const args = [sst, "deploy", APP_ALONE, "--stage", stage.name, "--region", region];
    const told = { NOTEJAM_RELEASE: commit, NOTEJAM_SHIFT: "at-once" };
    await run(process.execPath, args, folder, told);
    return 0;
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    process.stderr.write(
      `${error.message} What CloudFormation has begun goes on: aws cloudformation describe-stacks --stack-name ${stage.name}-notejam-app --region ${region}\n`,
    );
    return 128 + constants.signals[error.signal];
  } finally {
    await git.removeCheckout(folder);
    release();
  }
}

/**
 * Runs a program in a checkout, whose own packages' programs it finds first.
 * @param told variables beside those of this process
 * @throws VisibleError if it fails, Ended
 */
async function run(program: string, args: readonly string[], cwd: string, told = {}): Promise<void> {
  const PATH = [join(cwd, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const code = await runProgram(program, args, { cwd, env: { ...process.env, PATH, ...told } });
  if (code === 0) return;
  const name = program === process.execPath ? basename(args[0] ?? "", ".js") : program;
  throw new VisibleError(
    `The stage is not taken back: ${name} has failed, and says why above. CloudFormation undoes a deployment that fails.`,
  );
}

/** `2026-11-27 09:41 UTC` */
function timeOf({ at }: Recorded): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
