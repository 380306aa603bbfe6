// What stages cost a month, worked out from prices, assumptions and what the code says of sizes. README.md has the result, and a
// test compares the two.
import { FUNCTIONS } from "@notejam/functions/functions";
import { FAR_KEPT_DAYS, KEPT_DAYS } from "../recovery/vaults.ts";
import { SIZES } from "../stage/sizes.ts";

/** In dollars, of us-west-2, in November 2026. */
const PRICES = {
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequests: 0.2e-6,
  httpApiRequest: 1e-6,
  dataApiRequest: 0.35e-6,
  acuHour: 0.12,
  storageGigabyteMonth: 0.1,
  logsGigabyte: 0.5,
  metric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  secret: 0.4,
  key: 1,
  albHour: 0.0225,
  natHour: 0.045,
  fargateCpuHour: 0.04048,
  fargateGigabyteHour: 0.004445,
  // Not looked up again: README.md marks what rests on them.
  cloudFrontRequest: 1e-6,
  cloudFrontGigabyte: 0.085,
  ioRequest: 0.2e-6,
  snapshotGigabyteMonth: 0.021,
  regionTransferGigabyte: 0.02,
} as const;

const MONTH_HOURS = 730;
const MONTH_DAYS = MONTH_HOURS / 24;
const MONTHS_KEPT = 36;

const ASSUMED = {
  /** Hours of the month with traffic, and those of them with four times as much. */
  trafficHours: 220,
  peakHours: 8,
  peakFactor: 4,
  /** Hours of the month with the higher floor. */
  businessHours: 260,
  /** Beyond the floor, in the hours of four times the traffic, each instance. */
  peakAcu: { 2: 0, 20: 2 },
  apiMilliseconds: 50,
  dataApiCalls: 1.1,
  /** Reads and writes of storage for each request, beyond what memory answers. */
  ioRequests: 2,
  logKilobytes: { new: 1.5, original: 0.5 },
  /** What a request brings to the browser, and how many files beside it. */
  answerKilobytes: 4,
  filesPerRequest: 0.1,
  databaseGigabytes: { 2: 10, 20: 50, idle: 1, personal: 1 },
  /** Of the log lines, in a month in which each has a value; and those that alarms look at, which is what they cost by. */
  metrics: 5,
  alarms: 25,
  secrets: 3,
  /** A job wakes the database each hour, and it pauses 15 minutes later. */
  awakeMinutes: 17,
  awakeAcu: 0.5,
  /** A personal stage's share of dev's cluster: as if it alone kept it awake. */
  personalHours: 40,
  personalAcu: 1,
  /** Tasks of the original design: how many, with how many vCPU and gigabytes. */
  tasks: { 2: [2, 0.5, 1], 20: [2, 1, 2], idle: [2, 0.25, 0.5], personal: [1, 0.25, 0.5] },
  natGateways: 2,
} as const;

/** Requests a second while there is traffic, or a stage with next to none. */
export type Scenario = 2 | 20 | "idle" | "personal";
export const SCENARIOS: readonly Scenario[] = [2, 20, "idle", "personal"];
export type Design = "new" | "original";

/** Requests of a month. */
function requestsOf(scenario: Scenario): number {
  if (typeof scenario === "string") return 0;
  const { trafficHours, peakHours, peakFactor } = ASSUMED;
  return scenario * 3600 * (trafficHours + peakHours * (peakFactor - 1));
}

const INSTANCES = 1 + SIZES.production.cluster.readers;

function capacity(scenario: Scenario, design: Design): number {
  const { businessHours, peakAcu, peakHours } = ASSUMED;
  let acuHours: number;
  if (typeof scenario === "number") {
    const { minAcu, businessHoursAcu } = SIZES.production.cluster;
    acuHours =
      INSTANCES *
      (minAcu * MONTH_HOURS + (businessHoursAcu - minAcu) * businessHours + peakAcu[scenario] * peakHours);
  } else if (design === "original") {
    // Tasks keep their connections, so the database never pauses.
    acuHours = 0.5 * MONTH_HOURS;
  } else if (scenario === "idle") {
    acuHours = (ASSUMED.awakeAcu * MONTH_HOURS * ASSUMED.awakeMinutes) / 60;
  } else {
    acuHours = ASSUMED.personalHours * ASSUMED.personalAcu;
  }
  return acuHours * PRICES.acuHour;
}

function backups(scenario: Scenario): number {
  if (typeof scenario === "string") return 0;
  const gigabytes = ASSUMED.databaseGigabytes[scenario];
  // Snapshots that point-in-time recovery reaches cost nothing: of the near ones, the monthly ones do.
  const near = MONTHS_KEPT - KEPT_DAYS.daily / MONTH_DAYS;
  const far = FAR_KEPT_DAYS.daily + MONTHS_KEPT;
  const copies = MONTH_DAYS + 1;
  return gigabytes * ((near + far) * PRICES.snapshotGigabyteMonth + copies * PRICES.regionTransferGigabyte);
}

function compute(scenario: Scenario, design: Design): number {
  if (design === "new") {
    const seconds = (requestsOf(scenario) * ASSUMED.apiMilliseconds) / 1000;
    return (
      seconds * (FUNCTIONS.api.memoryMegabytes / 1024) * PRICES.lambdaGigabyteSecond +
      requestsOf(scenario) * PRICES.lambdaRequests
    );
  }
  const [tasks, cpus, gigabytes] = ASSUMED.tasks[scenario];
  return MONTH_HOURS * tasks * (cpus * PRICES.fargateCpuHour + gigabytes * PRICES.fargateGigabyteHour);
}

function distribution(scenario: Scenario): number {
  const requests = requestsOf(scenario) * (1 + ASSUMED.filesPerRequest);
  const gigabytes = (requests * ASSUMED.answerKilobytes) / 1e6;
  return requests * PRICES.cloudFrontRequest + gigabytes * PRICES.cloudFrontGigabyte;
}

/** The lines of the table, in its order. */
export const LINES: readonly {
  name: string;
  /** A price in it was not looked up again. */
  unverified?: true;
  /** The designs in which it is paid by the request. */
  byRequest?: readonly Design[];
  cost(scenario: Scenario, design: Design): number;
}[] = [
  { name: "running the code: Lambda, or Fargate", byRequest: ["new"], cost: compute },
  {
    name: "the way in: API Gateway, or a load balancer",
    byRequest: ["new"],
    cost: (scenario, design) =>
      design === "new" ? requestsOf(scenario) * PRICES.httpApiRequest : MONTH_HOURS * PRICES.albHour,
  },
  {
    name: "the network: nothing, or two NAT gateways",
    cost: (_, design) => (design === "new" ? 0 : ASSUMED.natGateways * MONTH_HOURS * PRICES.natHour),
  },
  { name: "CloudFront", unverified: true, byRequest: ["new", "original"], cost: distribution },
  {
    name: "Data API",
    byRequest: ["new"],
    cost: (scenario, design) =>
      design === "new" ? requestsOf(scenario) * ASSUMED.dataApiCalls * PRICES.dataApiRequest : 0,
  },
  { name: "Aurora: capacity", cost: capacity },
  {
    name: "Aurora: storage, reads and writes",
    unverified: true,
    cost: (scenario) =>
      ASSUMED.databaseGigabytes[scenario] * PRICES.storageGigabyteMonth +
      requestsOf(scenario) * ASSUMED.ioRequests * PRICES.ioRequest,
  },
  { name: "backups of three years, and far copies", unverified: true, cost: backups },
  {
    name: "logs",
    byRequest: ["new", "original"],
    cost: (scenario, design) =>
      ((requestsOf(scenario) * ASSUMED.logKilobytes[design]) / 1e6) * PRICES.logsGigabyte,
  },
  {
    name: "metrics, alarms, dashboard",
    cost: (scenario) =>
      scenario === "personal"
        ? 0
        : ASSUMED.metrics * PRICES.metric + ASSUMED.alarms * PRICES.alarm + PRICES.dashboard,
  },
  {
    name: "keys and secrets",
    cost: (scenario, design) => {
      if (scenario === "personal" && design === "new") return unusedPersonalStage();
      // The database's key; a fixed stage has one for its notices; production has those of its vaults, here and far.
      const keys = { idle: 2, personal: 1 };
      // The key of devices' cookies, of which production has a copy far away.
      const deviceKeys = design === "original" ? 0 : typeof scenario === "number" ? 2 : 1;
      return (
        (typeof scenario === "number" ? 4 : keys[scenario]) * PRICES.key +
        (ASSUMED.secrets + deviceKeys) * PRICES.secret
      );
    },
  },
];

/** Dollars a month. */
export function totalOf(scenario: Scenario, design: Design): number {
  return LINES.reduce((sum, { cost }) => sum + cost(scenario, design), 0);
}

/** Dollars for a million requests, of the lines that are paid by the request. */
export function perMillion(design: Design): number {
  const dollars = (scenario: Scenario) =>
    LINES.filter(({ byRequest }) => byRequest?.includes(design)).reduce(
      (sum, { cost }) => sum + cost(scenario, design),
      0,
    );
  return ((dollars(20) - dollars(2)) / (requestsOf(20) - requestsOf(2))) * 1e6;
}

/** The requests a second, in the hours with traffic, from which the original design of the size for 20 would be cheaper. */
export function breakEven(): number {
  const ahead = totalOf(20, "original") - totalOf(20, "new");
  const million = (perMillion("new") - perMillion("original")) * (requestsOf(20) / 20 / 1e6);
  return 20 + ahead / million;
}

/** What the floor in business hours costs a month, beside the floor of the night. */
export function businessHoursFloor(): number {
  const { minAcu, businessHoursAcu } = SIZES.production.cluster;
  return INSTANCES * (businessHoursAcu - minAcu) * ASSUMED.businessHours * PRICES.acuHour;
}

/** What a gigabyte of production's database costs a month in backups, after three years. */
export function backupsOfGigabyte(): number {
  return backups(2) / ASSUMED.databaseGigabytes[2];
}

/** What a personal stage costs a month in which nobody uses it: it has one secret. */
export function unusedPersonalStage(): number {
  return PRICES.secret;
}

/** Requests of a month at so many a second, in millions. */
export function millionsOf(scenario: Scenario): number {
  return requestsOf(scenario) / 1e6;
}
