// What a migration takes away that other code still needs. The database is not taken back, so a rollback must not go to such code.
// And such a migration must not be deployed over it: a stage that skips releases, as production does between two approvals, would
// get the migration together with the code that does without.
import { VisibleError } from "sst/error.js";
import type { Contraction, Repository } from "./repository.ts";

/** @returns the first migration of a commit that takes away what the code of another commit needs */
export async function neededContraction(
  git: Repository,
  code: string,
  commit: string,
): Promise<(Contraction & { name: string }) | undefined> {
  const known = await git.migrationsOf(code);
  for (const [name, contraction] of await git.migrationsOf(commit)) {
    if (!contraction || known.has(name)) continue;
    const { since } = contraction;
    if (!since || !(await git.contains(code, since))) return { name, ...contraction };
  }
  return undefined;
}

/**
 * @param running the commit that the stage runs
 * @param next the commit that is to be deployed
 * @throws VisibleError naming the migration, and what to deploy first
 */
export async function refuseEarlyContractions(
  git: Repository,
  stage: string,
  running: string,
  next: string,
): Promise<void> {
  if (![...(await git.migrationsOf(next)).values()].some(Boolean)) return;
  if (!(await git.has(running))) {
    throw new VisibleError(
      `${stage} runs ${running}, which git does not have here, so nobody can say if it does without what a migration takes away. Run git fetch; if no branch has that commit, push it under a tag from where it was deployed.`,
    );
  }
  const needed = await neededContraction(git, running, next);
  if (!needed) return;
  const { name, what, since } = needed;
  throw new VisibleError(
    `${stage} runs ${running}, which still needs what the migration ${name} takes away (${what}). ${
      since ? `Deploy ${since} there first.` : "Its first line must say which commit does without."
    }`,
  );
}
