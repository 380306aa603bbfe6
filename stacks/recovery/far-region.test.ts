// The far region and the stage in it: what a deployment is refused for.
import { expect, test } from "vitest";
import { SIZES } from "../stage/sizes.ts";
import { anyStageOf, refuseOnFixedStage, stageOf } from "../stage/stage.ts";
import { templatesOf } from "../testing/templates.ts";
import { farRegionOf } from "./far-region.ts";

const production = { stage: "production", region: "eu-west-1" };

test.each([
  { given: "", says: /^NOTEJAM_FAR_REGION is not set: .*\.env\.production/ },
  { given: "far", says: /^NOTEJAM_FAR_REGION is "far"\. It must be an AWS region/ },
  { given: "eu-west-1", says: /^NOTEJAM_FAR_REGION is eu-west-1, the region of production itself/ },
])("production with the far region $given is refused, by the variable's name", async ({ given, says }) => {
  const made = templatesOf({ ...production, environment: { NOTEJAM_FAR_REGION: given } });

  await expect(made).rejects.toThrow(says);
});

test("a stage without backups needs no far region, whatever is set", () => {
  expect(farRegionOf({ name: "ana", backups: SIZES.personal.backups }, "eu-west-1", "far")).toBeUndefined();
});

test("the stage `vault` is refused in a region where production does not look for it", async () => {
  const there = { stage: "vault", region: "eu-west-3", environment: { NOTEJAM_FAR_REGION: "eu-central-1" } };

  await expect(templatesOf(there)).rejects.toThrow(
    /^The stage vault belongs into the far region\. .*use --region eu-central-1/,
  );
});

test.each(["dev", "remove"] as const)("the stage `vault` is refused to `sst %s`", async (mode) => {
  await expect(templatesOf({ stage: "vault", mode })).rejects.toThrow(/\bvault\b/);
  expect(() => refuseOnFixedStage(anyStageOf("vault"), mode)).toThrow(/\bvault\b/);
});

test("a command for a stage with a service refuses the stage `vault`", () => {
  expect(() => stageOf("vault")).toThrow("has the vaults of far copies only");
});

test("every other name is the stage that it always was", () => {
  expect(anyStageOf("ana")).toEqual(stageOf("ana"));
  expect(() => anyStageOf("prod")).toThrow("Its name is production.");
  expect(() => anyStageOf(undefined)).toThrow(/^Name a stage with --stage/);
});
