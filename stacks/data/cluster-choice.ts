// Decides where a stage's database is. A fixed stage has a cluster, and a small one shares dev's. Two small ones have their own: a
// person's that is made from a snapshot, and one that is older than the sharing, which can only be removed.
import { VisibleError } from "sst/error.js";
import { deployedStack } from "../account/stack.ts";
import { PROVIDER_OUTPUT } from "../constructs/dev-parameters.ts";
import { RECORD, RESTORE_VARIABLE } from "../recovery/restore.ts";
import { type Stage, standalone } from "../stage/stage.ts";

interface Deployment {
  region: string;
  /** SST's mode: deploy, dev or remove. */
  mode: string;
  /** The snapshot that the stage's cluster is to be made from. */
  restoreFrom: string | undefined;
}

/**
 * @returns the stage; as a standalone one if it has a cluster of its own
 * @throws VisibleError if the deployment would leave a cluster behind, or dev has none to share
 */
export async function chooseCluster(stage: Stage, { region, mode, restoreFrom }: Deployment): Promise<Stage> {
  if (stage.fixed) return stage;
  const { name } = stage;
  if (restoreFrom && stage.kind === "preview") {
    throw new VisibleError(
      `${RESTORE_VARIABLE} is set, but ${name} has its database on dev's cluster. Restore into a stage that is no pull request's.`,
    );
  }
  const own = await deployedStack(`${name}-notejam-data`, region);
  if (mode === "remove") return own ? standalone(stage) : stage;
  if (restoreFrom) {
    const service = own ? undefined : await deployedStack(`${name}-notejam-app`, region);
    if (!service || service.isEmpty) return standalone(stage);
    throw new VisibleError(
      `${RESTORE_VARIABLE} is set, but the stage ${name} has its database on dev's cluster already, and would lose sight of it. Restore into a stage with another name, or remove this one first.`,
    );
  }
  if (own?.output(RECORD.snapshot)) return standalone(stage);
  if (own && !own.isEmpty) {
    throw new VisibleError(
      `The stage ${name} has a cluster of its own in ${region}, and stages now share dev's: a deployment would leave it behind. Export its notes if you want them, remove it with npx sst remove --stage ${name} --region ${region}, and deploy it anew (stacks/README.md, "From a cluster of its own to dev's").`,
    );
  }
  const dev = await deployedStack("dev-notejam-app", region);
  if (dev?.output(PROVIDER_OUTPUT)) return stage;
  throw new VisibleError(
    `${dev ? `dev is older than the cluster that stages share in ${region}` : `dev is not deployed in ${region}`}, and ${name} has its database there. Deploy it first, with npx sst deploy --stage dev --region ${region}, or choose the region in which it is.`,
  );
}
