// What a stage is: the names it may have, and what each kind of stage gets, in one table. `production`, `staging` and `dev`
// are fixed: they always exist, and are never run by `sst dev` or removed. A stage with any other name belongs to a person
// or a pull request (`pr-123`), and is removed after use.
import { type FixedStage, isFixedStage, stageNameProblem, VAULT_STAGE_NAME } from "@notejam/core/stage-name";
import { RegionInfo } from "aws-cdk-lib/region-info";
import { VisibleError } from "sst/error.js";

export type Kind = FixedStage | "other";

/** What one kind of stage gets. */
export interface Sizes {
  /** It always exists: `sst dev` and removal are refused. */
  fixed: boolean;
  /** The account it is deployed into: production's own, or any other. */
  account: "production" | "other";
  /** Aurora capacity in ACU, about 2 GiB of memory each, in steps of 0.5. A minimum of 0 lets the cluster pause. */
  minAcu: number;
  maxAcu: number;
  /** The minimum in business hours, where it is another. */
  businessHoursAcu?: number;
  /** Minutes without a connection until a cluster with a minimum of 0 pauses; AWS takes 5 to 1,440. */
  pauseAfterMinutes?: number;
  /** Instances beside the writer, in another zone, that take over when it fails. */
  readers: number;
  /** Days that point-in-time recovery reaches back; AWS takes 1 to 35. */
  recoveryDays: number;
  /** Days that log lines are kept. */
  logDays: 7 | 30 | 90;
  /** The database can't be deleted until this is switched off. */
  deletionProtection: boolean;
  /** What happens to the data when its resource leaves the template. */
  removal: "retain" | "snapshot" | "destroy";
  /** Whether AWS Backup keeps copies here and in the far region, and tries each month if they can be restored. */
  backups: boolean;
  /** Whether scheduled jobs run. In a hundred small stages they would keep the databases awake. */
  schedules: boolean;
  /** How new code of the API takes over: a tenth of the requests for five minutes first, all of them at once, or in place. */
  release: "canary" | "at once" | "in place";
  /** Requests that the API may work on at the same time. An account has 1,000 unless it asked for more. */
  concurrency: number;
  /** Whether the web app's headers are a CloudFront policy of the stage. An account can have 20 of them, so other stages share a managed one. */
  headersPolicy: "own" | "managed";
}

export const SIZES: Record<Kind, Sizes> = {
  production: {
    fixed: true,
    account: "production",
    minAcu: 0.5,
    businessHoursAcu: 2,
    maxAcu: 32,
    readers: 1,
    recoveryDays: 35,
    logDays: 90,
    deletionProtection: true,
    removal: "retain",
    backups: true,
    schedules: true,
    release: "canary",
    concurrency: 800,
    headersPolicy: "own",
  },
  staging: {
    fixed: true,
    account: "other",
    minAcu: 0,
    maxAcu: 8,
    pauseAfterMinutes: 15,
    readers: 0,
    recoveryDays: 7,
    logDays: 30,
    deletionProtection: false,
    removal: "snapshot",
    backups: false,
    schedules: true,
    release: "canary",
    concurrency: 100,
    headersPolicy: "own",
  },
  dev: {
    fixed: true,
    account: "other",
    minAcu: 0,
    maxAcu: 8,
    pauseAfterMinutes: 15,
    readers: 0,
    recoveryDays: 1,
    logDays: 7,
    deletionProtection: false,
    removal: "snapshot",
    backups: false,
    schedules: true,
    release: "at once",
    concurrency: 100,
    headersPolicy: "own",
  },
  other: {
    fixed: false,
    account: "other",
    minAcu: 0,
    maxAcu: 2,
    pauseAfterMinutes: 5,
    readers: 0,
    recoveryDays: 1,
    logDays: 7,
    deletionProtection: false,
    removal: "destroy",
    backups: false,
    schedules: false,
    release: "in place",
    concurrency: 20,
    headersPolicy: "managed",
  },
};

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
  const kind = isFixedStage(name) ? name : "other";
  return { name, kind, ...SIZES[kind] };
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
 * Refuses to run a fixed stage from a laptop, or to remove it.
 * @param mode SST's mode, or its command
 * @throws VisibleError saying what to do instead
 */
export function refuseOnFixedStage(stage: Pick<Stage, "name" | "fixed">, mode: string | undefined): void {
  if (!stage.fixed) return;
  if (mode === "dev" || mode === "start") {
    throw new VisibleError(
      `\`sst ${mode}\` would bring the requests of ${stage.name} to this computer. Use a stage of your own: --stage <your name>.`,
    );
  }
  if (mode === "remove") {
    throw new VisibleError(
      `No command removes ${stage.name}. stacks/README.md describes how to do it by hand.`,
    );
  }
}
