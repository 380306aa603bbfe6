// Which stage a branch or a pull request may have. A branch's name is its stage's name, as it is: if names were made fit, two
// branches could meet in one stage.
import { isPreview } from "@notejam/core/stage-name";
import { VisibleError } from "sst/error.js";
import { type Stage, stageOf } from "./stage.ts";

/** The pull request whose stage this is; undefined for another stage. */
export function pullRequestOf(stage: string): number | undefined {
  return isPreview(stage) ? Number(stage.slice("pr-".length)) : undefined;
}

/** The name of a pull request's stage. @throws VisibleError if this is no number of a pull request */
export function stageOfPullRequest(number: number): Stage {
  const stage = stageOf(`pr-${number}`);
  if (pullRequestOf(stage.name) === number) return stage;
  throw new VisibleError(`"${number}" is not the number of a pull request.`);
}

/**
 * The stage of a branch.
 * @param named the stage's name, where it is not the branch's
 * @throws VisibleError if that is no stage, or not one that a branch can have
 */
export function stageOfBranch(branch: string, named: string = branch): Stage {
  const stage = stageNamed(named, branch);
  if (stage.fixed) {
    throw new VisibleError(
      `${stage.name} is a fixed stage, and can't be the branch "${branch}"'s. ${nameAnother(branch)}`,
    );
  }
  const number = pullRequestOf(stage.name);
  if (number !== undefined) {
    throw new VisibleError(
      `${stage.name} is the stage of pull request ${number}, and can't be the branch "${branch}"'s. npm run preview deploys it.`,
    );
  }
  return stage;
}

function stageNamed(name: string, branch: string): Stage {
  if (name !== branch) return stageOf(name);
  try {
    return stageOf(name);
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    throw new VisibleError(`The branch "${branch}" is no name of a stage. ${nameAnother(branch)}`);
  }
}

function nameAnother(branch: string): string {
  return `Name its stage with --stage, such as --stage ${suggested(branch)}.`;
}

/** A name that `stageOf` accepts, similar to the branch's. It is only suggested: another branch may suggest the same. */
function suggested(branch: string): string {
  const near = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  const candidates = [near, `branch-${near || "1"}`];
  return candidates.find((name) => isFree(name)) ?? "branch-1";
}

function isFree(name: string): boolean {
  try {
    return !stageOf(name).fixed && pullRequestOf(name) === undefined;
  } catch {
    return false;
  }
}
