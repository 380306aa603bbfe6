// The AWS side of `npm run drill -- --stage <stage>`, against CloudFormation and RDS on loopback. What it compares is tested in
// packages/trials/src/drill.
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { SST_STANDS_IN, type Surroundings, stacksOf, surroundings } from "../testing/pipeline.ts";
import { rehearsalOf } from "./rehearsal.ts";

const around: Surroundings = await surroundings();
const { account } = around;
afterAll(() => around.close());
beforeEach(() => {
  around.reset();
  account.siteOf = (stage) => `https://${stage}.example.com`;
  account.stacks = stacksOf("staging", { SiteOrigin: "https://staging.example.com" });
  for (const [name, value] of Object.entries({ ...account.environment, ...SST_STANDS_IN }))
    vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
});

test("a stage is made from a snapshot of another, and both are removed, with what an earlier drill left", async () => {
  account.snapshots = ["notejam-drill-1", "before-the-migration"];
  Object.assign(account.stacks, stacksOf("restored"));

  const rehearsal = await rehearsalOf("staging", "eu-west-1");
  await rehearsal.clear();
  const snapshot = await rehearsal.snapshot();
  const site = await rehearsal.restore(snapshot);
  await rehearsal.clear();

  expect(rehearsal.site).toBe("https://staging.example.com");
  expect(site).toBe("https://restored.example.com");
  const [, name = ""] =
    /^arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:(notejam-drill-\d+)$/.exec(snapshot) ?? [];
  expect(account.changes).toEqual([
    "DeleteStack restored-notejam-app",
    "DeleteStack restored-notejam-data",
    "DeleteDBClusterSnapshot notejam-drill-1",
    "CreateDBClusterSnapshot staging-notejam-data-cluster",
    "CreateStack restored-notejam-data",
    "CreateStack restored-notejam-app",
    "DeleteStack restored-notejam-app",
    "DeleteStack restored-notejam-data",
    `DeleteDBClusterSnapshot ${name}`,
  ]);
  expect(account.snapshots).toEqual(["before-the-migration"]);
});

test.each(["production", "ana"])("%s is not restored beside itself", async (stage) => {
  await expect(rehearsalOf(stage, "eu-west-1")).rejects.toThrow(
    `The drill restores staging or dev, not ${stage}:`,
  );
});

test("a stage that is not deployed is named, in one sentence", async () => {
  await expect(rehearsalOf("dev", "eu-west-1")).rejects.toThrow(/^dev is not deployed in eu-west-1\.$/);
});
