// Decides to which release a stage goes back, or why it can't.
import { VisibleError } from "sst/error.js";
import type { Stage } from "../stage/stage.ts";
import { neededContraction } from "./contractions.ts";
import { lineOf, type Recorded } from "./line.ts";
import { NO_COMMIT, releaseParameters } from "./release-parameters.ts";
import type { Repository } from "./repository.ts";

export interface Plan {
  present: Recorded;
  target: Recorded;
}

/** What a stage has recorded, the oldest first. */
export interface Releases {
  /** The commits whose deployments are complete. */
  released: readonly Recorded[];
  /** The commits whose migrations have run. */
  migrated: readonly Recorded[];
}

const RUNBOOK = 'stacks/RUNBOOKS.md, "A bad deployment", says what to do instead.';
const SHOWN_RELEASES_MAX = 5;

/**
 * @param to names a release other than the one before the present
 * @throws VisibleError if there is nothing to go back to, or a reason not to
 */
export async function planOf(
  git: Repository,
  { name }: Stage,
  releases: Releases,
  to: string | undefined,
): Promise<Plan> {
  const { released } = releases;
  const present = released.at(-1);
  if (!present) {
    throw new VisibleError(
      `No release of ${name} is recorded: SSM has no parameter ${releaseParameters(name).released}. The next deployment makes it.`,
    );
  }
  if (present.commit === NO_COMMIT) {
    throw new VisibleError(
      `What runs in ${name} was deployed without its commit, so nobody can say what a rollback would take back. ${RUNBOOK}`,
    );
  }
  const target = to === undefined ? before(released) : await releaseNamed(git, name, released, to);
  if (!target) {
    throw new VisibleError(
      `${name} has no release before ${short(present.commit)}, which is the first that is recorded.`,
    );
  }
  if (target.commit === present.commit) {
    throw new VisibleError(`${name} runs ${short(present.commit)} already.`);
  }
  await refuseContractions(git, name, releases, target);
  return { present, target };
}

function before(released: readonly Recorded[]): Recorded | undefined {
  return lineOf(released.filter(({ commit }) => commit !== NO_COMMIT)).at(-2);
}

async function releaseNamed(
  git: Repository,
  stage: string,
  released: readonly Recorded[],
  name: string,
): Promise<Recorded> {
  const meant = (await git.resolve(name)) ?? name;
  const found = released.findLast(({ commit }) => commit.startsWith(meant));
  if (found && /^[0-9a-f]{4,}$/.test(meant)) return found;
  const latest = new Set(released.toReversed().map(({ commit }) => short(commit)));
  throw new VisibleError(
    `"${name}" was never released to ${stage}. Its releases, the newest first: ${[...latest].slice(0, SHOWN_RELEASES_MAX).join(", ")}`,
  );
}

/**
 * Refuses where a migration took away what the target's code needs: one that ran after the target was deployed, also if the
 * deployment failed afterwards.
 * @throws VisibleError naming the migration, or what is not known of the migrations
 */
async function refuseContractions(
  git: Repository,
  stage: string,
  { released, migrated }: Releases,
  target: Recorded,
): Promise<void> {
  await expectKnown(git, stage, target.commit);
  const later = [...released, ...migrated].filter(({ at }) => at >= target.at);
  for (const commit of new Set(later.map((one) => one.commit))) {
    await expectKnown(git, stage, commit);
    const needed = await neededContraction(git, target.commit, commit);
    if (!needed) continue;
    const { name, what, since } = needed;
    throw new VisibleError(
      `${stage} can't go back to ${short(target.commit)}: the migration ${name}, which came with ${short(commit)}, took away what that code needs (${what}${since ? `, not needed since ${short(since)}` : ""}). ${RUNBOOK}`,
    );
  }
}

/** @throws VisibleError if git lacks the commit */
async function expectKnown(git: Repository, stage: string, commit: string): Promise<void> {
  if (commit === NO_COMMIT) {
    throw new VisibleError(
      `A later release of ${stage} was deployed without its commit, so nobody can say what its migrations took away. ${RUNBOOK}`,
    );
  }
  if (await git.has(commit)) return;
  throw new VisibleError(
    `This checkout does not have ${commit}, which was deployed to ${stage}. Fetch it: git fetch origin ${commit}`,
  );
}

/** The first digits of a commit, as people write it. */
function short(commit: string): string {
  return commit.slice(0, 7);
}
