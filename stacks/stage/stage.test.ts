import { beforeEach, expect, test, vi } from "vitest";
import { type ClusterSizes, PREVIEWS_MAX, SIZES } from "./sizes.ts";
import { refuseOnFixedStage, regionOf, stageOf, standalone } from "./stage.ts";

beforeEach(() => {
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("AWS_DEFAULT_REGION", undefined);
  return () => vi.unstubAllEnvs();
});

const FIXED = ["production", "staging", "dev"];

test.each([
  { name: "production", kind: "production" },
  { name: "staging", kind: "staging" },
  { name: "dev", kind: "dev" },
  { name: "ana", kind: "personal" },
  { name: "production-2", kind: "personal" },
  { name: "a".repeat(30), kind: "personal" },
  { name: "price", kind: "personal" },
  { name: "pr-1", kind: "preview" },
  { name: "pr-123", kind: "preview" },
])("$name is a stage of the kind $kind, with what that kind gets", ({ name, kind }) => {
  expect(stageOf(name)).toEqual({ name, kind, ...SIZES[kind as keyof typeof SIZES] });
});

test.each(["Ana", "ana_b", "1ana", "-ana", "ana-", "ana--b", "ana b", "á", "a".repeat(31), "ana\n"])(
  "%j is no name of a stage, and the message says what is",
  (name) => {
    expect(() => stageOf(name)).toThrow(
      /lower-case letters, digits and single hyphens.*30 characters at most/s,
    );
  },
);

test.each(["pr-0", "pr-012", "pr-12a", "pr-12-2", "pr-ana", "pr--1"])(
  "%s is neither a pull request's stage nor a person's",
  (name) => {
    expect(() => stageOf(name)).toThrow(/pr-<number>|single hyphens/);
  },
);

test("a person's stage that is made from a snapshot has a cluster, a site and all functions", () => {
  expect(standalone(stageOf("ana"))).toMatchObject({
    name: "ana",
    kind: "standalone",
    fixed: false,
    removal: "destroy",
    functions: "all",
    site: "own parts",
    cluster: { maxAcu: 2 },
  });
});

test("the small stages share dev's cluster, and previews its distribution's parts, each of which serves 100", () => {
  const sharing = Object.entries(SIZES).filter(([, { cluster }]) => cluster === undefined);

  expect(sharing.map(([kind, { site }]) => `${kind}: ${site}`)).toEqual([
    "personal: none",
    "preview: dev's parts",
  ]);
  expect(Object.entries(SIZES).flatMap(([kind, { shares }]) => (shares ? [kind] : []))).toEqual(["dev"]);
  // Dev's own distribution is one of them.
  expect(PREVIEWS_MAX + 1).toBeLessThanOrEqual(100);
});

test.each([undefined, ""])("no name (%j) is asked for", (name) => {
  expect(() => stageOf(name)).toThrow(/^Name a stage with --stage/);
});

test.each([
  ["prod", "production"],
  ["live", "production"],
  ["stage", "staging"],
  ["development", "dev"],
])("%s would be a small stage without protection: refused, with the name that was meant", (name, meant) => {
  expect(() => stageOf(name)).toThrow(`Its name is ${meant}.`);
});

test("local is a laptop, not a stage", () => {
  expect(() => stageOf("local")).toThrow(/laptop/);
});

test.each(["eu-west-1", "ap-southeast-2", "us-gov-west-1", "mx-central-1"])("%s can be a region", (name) => {
  expect(regionOf(name)).toBe(name);
});

test.each(["europe", "eu-west", "eu-west-9", "EU-WEST-1", "eu-west-1a", "eu-west-1 "])(
  "%j can't be a region",
  (name) => {
    expect(() => regionOf(name)).toThrow(`"${name}" is not the name of an AWS region.`);
  },
);

test("the region of the environment serves where none is named", () => {
  vi.stubEnv("AWS_DEFAULT_REGION", "eu-north-1");
  expect(regionOf(undefined)).toBe("eu-north-1");

  vi.stubEnv("AWS_REGION", "eu-west-1");
  expect(regionOf(undefined)).toBe("eu-west-1");
  expect(regionOf("eu-south-1")).toBe("eu-south-1");
});

test("no region is asked for: SST would choose one", () => {
  expect(() => regionOf(undefined)).toThrow(/^Name a region with --region/);
});

test.each(FIXED)("%s is deployed and built, but not run from a laptop or removed", (name) => {
  const stage = stageOf(name);

  for (const mode of ["deploy", "build", "diff", undefined]) refuseOnFixedStage(stage, mode);

  expect(() => refuseOnFixedStage(stage, "dev")).toThrow(/Use a stage of your own/);
  expect(() => refuseOnFixedStage(stage, "start")).toThrow(/Use a stage of your own/);
  expect(() => refuseOnFixedStage(stage, "remove")).toThrow(`No command removes ${name}`);
});

test("a preview is not run from a laptop, which would take its site away, and is removed", () => {
  expect(() => refuseOnFixedStage(stageOf("pr-12"), "dev")).toThrow(/Use a stage of your own/);
  for (const mode of ["remove", "deploy"]) refuseOnFixedStage(stageOf("pr-12"), mode);
});

test("a person's stage is run from a laptop and removed", () => {
  for (const mode of ["dev", "remove", "deploy"]) refuseOnFixedStage(stageOf("ana"), mode);
});

const clusters = Object.entries(SIZES).flatMap(([kind, { cluster }]): [string, ClusterSizes][] =>
  cluster ? [[kind, cluster]] : [],
);

// Synthesis takes any number. The limits are Aurora's and CloudWatch's, as their documentation has them.
test.each(clusters)("AWS takes the sizes of %s", (_kind, sizes) => {
  const { minAcu, maxAcu, pauseAfterMinutes = 5, recoveryDays, readers } = sizes;

  expect(minAcu * 2).toBe(Math.round(minAcu * 2));
  expect(maxAcu * 2).toBe(Math.round(maxAcu * 2));
  expect(minAcu).toBeGreaterThanOrEqual(0);
  expect(maxAcu).toBeGreaterThanOrEqual(Math.max(1, minAcu));
  expect(maxAcu).toBeLessThanOrEqual(256);
  expect(pauseAfterMinutes * 60).toBeGreaterThanOrEqual(300);
  expect(pauseAfterMinutes * 60).toBeLessThanOrEqual(86_400);
  expect("pauseAfterMinutes" in sizes).toBe(minAcu === 0);
  expect(recoveryDays).toBeGreaterThanOrEqual(1);
  expect(recoveryDays).toBeLessThanOrEqual(35);
  expect(readers).toBeLessThanOrEqual(15);
});

test("production keeps what it has, stays awake, and survives the loss of a zone", () => {
  const { cluster, removal } = SIZES.production;

  expect(removal).toBe("retain");
  expect(cluster).toMatchObject({ deletionProtection: true, recoveryDays: 35 });
  expect(cluster.minAcu).toBeGreaterThan(0);
  expect(cluster.readers).toBeGreaterThanOrEqual(1);
});
