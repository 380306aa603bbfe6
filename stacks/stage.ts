// What a stage is: the names it may have, and what each kind of stage gets, in one table. `production`, `staging` and `dev`
// are fixed: they always exist, and are never run by `sst dev` or removed. `pr-123` is the preview of a pull request, and any
// other name a person's. These are small: each has a database on dev's cluster, and is removed after use.
import {
  type FixedStage,
  isFixedStage,
  isPreview,
  stageNameProblem,
  VAULT_STAGE_NAME,
} from "@notejam/core/stage-name";
import { RegionInfo } from "aws-cdk-lib/region-info";
import { VisibleError } from "sst/error.js";

export type Kind = FixedStage | "standalone" | "personal" | "preview";

/** What one kind of stage gets. */
export interface Sizes {
  /** It always exists: `sst dev` and removal are refused. */
  fixed: boolean;
  /** The account it is deployed into: production's own, or any other. */
  account: "production" | "other";
  /** The Aurora cluster of its own; undefined: it has a database on dev's. */
  cluster: ClusterSizes | undefined;
  /** Whether small stages have their databases on its cluster, and their distributions its parts. */
  shares: boolean;
  /** Days that log lines are kept. */
  logDays: 7 | 30 | 90;
  /** What happens to the data when its resource leaves the template. */
  removal: "retain" | "snapshot" | "destroy";
  /** Whether AWS Backup keeps copies here and in the far region, and tries each month if they can be restored. */
  backups: boolean;
  /** All functions of the registry, or only those of every stage: what a request and a deployment need. */
  functions: "all" | "serving";
  /** Whether scheduled jobs run. */
  schedules: boolean;
  /** How new code of the API takes over: a tenth of the requests for five minutes first, all of them at once, or in place. */
  release: "canary" | "at once" | "in place";
  /** Requests that the API may work on at the same time. An account has 1,000 unless it asked for more. */
  concurrency: number;
  /**
   * The distribution: with an origin access control, a function and a headers policy of its own, or with dev's, of which an
   * account can have few. A stage with none is looked at by `sst dev`.
   */
  site: "own parts" | "dev's parts" | "none";
}

export interface ClusterSizes {
  /** Capacity in ACU, about 2 GiB of memory each, in steps of 0.5. A minimum of 0 lets the cluster pause. */
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
  /** The cluster can't be deleted until this is switched off. */
  deletionProtection: boolean;
}

/** What is the same in all small stages. */
const SMALL = {
  fixed: false,
  account: "other",
  cluster: undefined,
  shares: false,
  logDays: 7,
  removal: "destroy",
  backups: false,
  functions: "serving",
  // In a hundred stages they would keep the cluster awake.
  schedules: false,
  release: "in place",
  concurrency: 20,
} as const satisfies Partial<Sizes>;

export const SIZES = {
  production: {
    fixed: true,
    account: "production",
    cluster: {
      minAcu: 0.5,
      businessHoursAcu: 2,
      maxAcu: 32,
      readers: 1,
      recoveryDays: 35,
      deletionProtection: true,
    },
    shares: false,
    logDays: 90,
    removal: "retain",
    backups: true,
    functions: "all",
    schedules: true,
    release: "canary",
    concurrency: 800,
    site: "own parts",
  },
  staging: {
    fixed: true,
    account: "other",
    cluster: {
      minAcu: 0,
      maxAcu: 8,
      pauseAfterMinutes: 15,
      readers: 0,
      recoveryDays: 7,
      deletionProtection: false,
    },
    shares: false,
    logDays: 30,
    removal: "snapshot",
    backups: false,
    functions: "all",
    schedules: true,
    release: "canary",
    concurrency: 100,
    site: "own parts",
  },
  dev: {
    fixed: true,
    account: "other",
    cluster: {
      minAcu: 0,
      maxAcu: 8,
      pauseAfterMinutes: 15,
      readers: 0,
      recoveryDays: 1,
      deletionProtection: false,
    },
    shares: true,
    logDays: 7,
    removal: "snapshot",
    backups: false,
    functions: "all",
    schedules: true,
    release: "at once",
    concurrency: 100,
    site: "own parts",
  },
  /** A person's stage that is made from a snapshot, to rehearse a restore. Few are possible: each has a network. */
  standalone: {
    ...SMALL,
    cluster: {
      minAcu: 0,
      maxAcu: 2,
      pauseAfterMinutes: 5,
      readers: 0,
      recoveryDays: 1,
      deletionProtection: false,
    },
    functions: "all",
    site: "own parts",
  },
  personal: { ...SMALL, site: "none" },
  preview: { ...SMALL, site: "dev's parts" },
} as const satisfies Record<Kind, Sizes>;

/**
 * How many previews may be open. Dev's origin access control, function and headers policy each serve 100 distributions, dev's own
 * among them (CloudFront's quotas). The account's 1,000 IAM roles end sooner: `quotas.test.ts` counts 100 persons' stages beside.
 */
export const PREVIEWS_MAX = 50;

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
