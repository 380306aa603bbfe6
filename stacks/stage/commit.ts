// Which commit a deployment is made from. A rollback goes back to a commit, so a fixed stage is deployed from nothing else.
import { execFileSync } from "node:child_process";
import { VisibleError } from "sst/error.js";

/** Settings of stages don't count: they are facts about a stage, and a rollback keeps today's. */
const CODE = [":(top)", ":(top,exclude).env*"];

/**
 * @param root the folder of the checkout
 * @returns NOTEJAM_RELEASE if it is set, otherwise the commit that is checked out, in full
 * @throws VisibleError if there are changes that are not in the commit, or if git does not know
 */
export function commitOf(stage: string, root: string): string {
  const { NOTEJAM_RELEASE: given } = process.env;
  if (given) return given;
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trimEnd();
  let commit: string;
  let changes: string;
  try {
    commit = git("rev-parse", "--verify", "HEAD^{commit}");
    changes = git("status", "--porcelain", "--", ...CODE);
  } catch {
    throw new VisibleError(
      `${stage} is deployed from a commit, and git does not know which this is. Deploy from a checkout, or set NOTEJAM_RELEASE to the commit.`,
    );
  }
  if (changes === "") return commit;
  const [first = "", ...others] = changes.split("\n").map((line) => line.slice("?? ".length));
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  throw new VisibleError(
    `${stage} is deployed from a commit, so that a rollback finds it: commit ${first}${more} first, or take it away.`,
  );
}
