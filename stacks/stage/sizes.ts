// What each kind of stage gets, in one table.
import type { FixedStage } from "@notejam/core/stage-name";

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
   * The distribution. It has an origin access control, a function and a headers policy of its own, or uses dev's, because an
   * account can have only a few. A stage without a distribution is used through `sst dev`.
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

/** A cluster that pauses while nobody uses it. */
const PAUSING = {
  minAcu: 0,
  maxAcu: 8,
  pauseAfterMinutes: 15,
  readers: 0,
  recoveryDays: 1,
  deletionProtection: false,
} as const satisfies ClusterSizes;

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
    cluster: { ...PAUSING, recoveryDays: 7 },
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
    cluster: PAUSING,
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
    cluster: { ...PAUSING, maxAcu: 2, pauseAfterMinutes: 5 },
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
