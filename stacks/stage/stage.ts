// What a stage is, and the names it may have. `production`, `staging` and `dev` are fixed: they always exist, and are never run
// by `sst dev` or removed. `pr-123` is the preview of a pull request, and any other name a person's. These are small: each has a
// database on dev's cluster, and is removed after use. sizes.ts has what each kind gets.
import { isFixedStage, isPreview, stageNameProblem, VAULT_STAGE_NAME } from "@notejam/core/stage-name";
import { RegionInfo } from "aws-cdk-lib/region-info";
import { VisibleError } from "sst/error.js";
import { type Kind, SIZES, type Sizes } from "./sizes.ts";

export interface Stage extends Sizes {
  name: string;
  kind: Kind;
}

/** The stage that has nothing but the vaults of production's far copies. It is deployed into the far region, beside production. */
export const VAULT_STAGE = {
  name: VAULT_STAGE_NAME,
  kind: "vault",
  fixed: true,
  account: "production",
} as const;

/** A stage with a service, or the one of the far vaults. */
export type AnyStage = Stage | typeof VAULT_STAGE;

/**
 * @returns the stage with that name
 * @throws VisibleError saying what is wrong with the name
 */
export function stageOf(name: string | undefined): Stage {
  if (!name) {
    throw new VisibleError(
      "Name a stage with --stage: production, staging, dev, a person's name, or pr-<number>.",
    );
  }
  if (name === VAULT_STAGE.name) {
    throw new VisibleError(
      `The stage ${name} has the vaults of far copies only. It is deployed and synthesised, nothing else.`,
    );
  }
  const problem = stageNameProblem(name);
  if (problem) throw new VisibleError(problem);
  const kind = kindOf(name);
  return { name, kind, ...SIZES[kind] };
}

function kindOf(name: string): Kind {
  if (isFixedStage(name)) return name;
  return isPreview(name) ? "preview" : "personal";
}

/** The same stage with a cluster of its own. */
export function standalone(stage: Stage): Stage {
  return { ...stage, kind: "standalone", ...SIZES.standalone };
}

/** Like `stageOf`, and knows the stage of the far vaults too. */
export function anyStageOf(name: string | undefined): AnyStage {
  return name === VAULT_STAGE.name ? VAULT_STAGE : stageOf(name);
}

/**
 * @returns the region that was given, otherwise the environment's
 * @throws VisibleError if there is none, or it is not one. SST would choose a region itself.
 */
export function regionOf(given: string | undefined): string {
  const name = given || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (!name) throw new VisibleError("Name a region with --region, or in AWS_REGION.");
  if (!isRegion(name)) throw new VisibleError(`"${name}" is not the name of an AWS region.`);
  return name;
}

/** Whether it is a region of AWS, as far as this version of the CDK knows. */
export function isRegion(name: string): boolean {
  return RegionInfo.regions.some((region) => region.name === name);
}

/**
 * Refuses to run a fixed stage from a laptop, or to remove it; and to run a preview, which would lose its distribution.
 * @param mode SST's mode, or its command
 * @throws VisibleError saying what to do instead
 */
export function refuseOnFixedStage(
  stage: Pick<AnyStage, "name" | "fixed" | "kind">,
  mode: string | undefined,
): void {
  if (!stage.fixed && stage.kind !== "preview") return;
  if (mode === "dev" || mode === "start") {
    throw new VisibleError(
      `\`sst ${mode}\` would bring the requests of ${stage.name} to this computer. Use a stage of your own: --stage <your name>.`,
    );
  }
  if (mode === "remove" && stage.fixed) {
    throw new VisibleError(
      `No command removes ${stage.name}. stacks/README.md describes how to do it by hand.`,
    );
  }
}
