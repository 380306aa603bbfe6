// What must not be deployed over what runs: a migration that takes away what the running code still needs. A stage that skips
// releases, as production does between two approvals, would get the migration together with the code that does without.
import { VisibleError } from "sst/error.js";
import type { Repository } from "./repository.ts";

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
  const contractions = [...(await git.migrationsOf(next))].flatMap(([name, contraction]) =>
    contraction ? [{ name, ...contraction }] : [],
  );
  if (contractions.length === 0) return;
  if (!(await git.has(running))) {
    throw new VisibleError(
      `${stage} runs ${running}, which git does not have here, so nobody can say if it does without what a migration takes away. Run git fetch; if no branch has that commit, push it under a tag from where it was deployed.`,
    );
  }
  const applied = await git.migrationsOf(running);
  for (const { name, what, since } of contractions) {
    if (applied.has(name) || (since !== undefined && (await git.contains(running, since)))) continue;
    throw new VisibleError(
      `${stage} runs ${running}, which still needs what the migration ${name} takes away (${what}). ${
        since ? `Deploy ${since} there first.` : "Its first line must say which commit does without."
      }`,
    );
  }
}
