// Stages that are made from a snapshot, and all that is refused, before CloudFormation is told anything.
import { afterEach, describe, expect, test } from "vitest";
import { account, templatesOf } from "../testing/templates.ts";

const ARN = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1";
const OTHER = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:other";
const GOOD = {
  Engine: "aurora-postgresql",
  EngineVersion: "18.5",
  Status: "available",
  MasterUsername: "notejam",
  StorageEncrypted: "true",
};

afterEach(() => {
  account.stacks = {};
  account.snapshots = {};
  account.asked.length = 0;
});

/** A synthesis is kept by its request, so each test has a stage of its own. */
const stage = (name: string) => ({ stage: `restored-${name}` });
const from = (name: string, snapshot: string) => ({
  ...stage(name),
  environment: { NOTEJAM_RESTORE_FROM: snapshot },
});

function restoredEarlier(name: string, outputs: Record<string, string>, status = "UPDATE_COMPLETE") {
  account.stacks[`restored-${name}-notejam-data`] = { status, outputs };
}

async function clusterOf(request: Parameters<typeof templatesOf>[0]) {
  const { data } = await templatesOf(request);
  const [cluster] = Object.values(data.findResources("AWS::RDS::DBCluster"));
  return { properties: cluster?.Properties, outputs: data.toJSON().Outputs };
}

describe("a stage that is made from a snapshot", () => {
  test.each([
    { name: "by-arn", snapshot: ARN },
    { name: "by-name", snapshot: "before-the-migration" },
    { name: "nightly", snapshot: "rds:cluster-2026-11-27-02-10" },
  ])("is told it, takes its engine version, and records both: $snapshot", async ({ name, snapshot }) => {
    account.snapshots[snapshot] = GOOD;

    const { properties, outputs } = await clusterOf(from(name, snapshot));

    expect(properties).toMatchObject({
      SnapshotIdentifier: snapshot,
      EngineVersion: "18.5",
      DatabaseName: "notejam",
      KmsKeyId: { "Fn::GetAtt": ["DatabaseKey7576F140", "Arn"] },
      ManageMasterUserPassword: true,
    });
    // CloudFormation takes neither beside a snapshot.
    for (const inherited of ["MasterUsername", "MasterUserPassword", "StorageEncrypted"]) {
      expect(properties).not.toHaveProperty(inherited);
    }
    expect(outputs).toMatchObject({
      RestoredFrom: { Value: snapshot },
      RestoredEngineVersion: { Value: "18.5" },
    });
  });

  test("asks RDS for the snapshots that it makes itself by their kind, because it would not find them", async () => {
    const snapshot = "rds:cluster-2026-11-26-02-10";
    account.snapshots[snapshot] = GOOD;
    account.snapshots[ARN] = GOOD;

    await clusterOf(from("asks-automated", snapshot));
    await clusterOf(from("asks-others", ARN));

    const asked = account.asked.filter((form) => form.get("Action") === "DescribeDBClusterSnapshots");
    expect(asked.map((form) => form.get("SnapshotType"))).toEqual(["automated", null]);
  });

  test("keeps its cluster in later deployments: the same is named, without asking whether it still exists", async () => {
    restoredEarlier("later", { RestoredFrom: ARN, RestoredEngineVersion: "18.5" });

    const { properties, outputs } = await clusterOf(from("later", ARN));

    expect(properties).toMatchObject({ SnapshotIdentifier: ARN, EngineVersion: "18.5" });
    expect(properties).not.toHaveProperty("MasterUsername");
    expect(outputs).toMatchObject({
      RestoredFrom: { Value: ARN },
      RestoredEngineVersion: { Value: "18.5" },
    });
  });

  test("is upgraded by a later deployment, like every stage", async () => {
    restoredEarlier("upgraded", { RestoredFrom: ARN, RestoredEngineVersion: "18.1" });

    expect((await clusterOf(from("upgraded", ARN))).properties.EngineVersion).toBe("18.3");
  });

  test("takes an older minor version first, because it is the snapshot's", async () => {
    account.snapshots[ARN] = { ...GOOD, EngineVersion: "18.1" };

    expect((await clusterOf(from("older-minor", ARN))).properties.EngineVersion).toBe("18.1");
  });

  test.each([
    { status: "ROLLBACK_COMPLETE", name: "rolled-back" },
    { status: "REVIEW_IN_PROGRESS", name: "in-review" },
  ])(
    "can be made after a first deployment that failed and left the stack in $status",
    async ({ status, name }) => {
      restoredEarlier(name, {}, status);
      account.snapshots[ARN] = GOOD;

      expect((await clusterOf(from(name, ARN))).properties.SnapshotIdentifier).toBe(ARN);
    },
  );
});

describe("a deployment that would replace a database is refused", () => {
  test("without the variable, if the stage was restored", async () => {
    restoredEarlier("forgotten", { RestoredFrom: ARN, RestoredEngineVersion: "18.5" });

    await expect(templatesOf(stage("forgotten"))).rejects.toThrow(
      `The database of restored-forgotten was restored from ${ARN}, and CloudFormation would replace it by an empty one. Set NOTEJAM_RESTORE_FROM=${ARN} in .env.restored-forgotten.`,
    );
  });

  test("with another snapshot than the stage was restored from", async () => {
    restoredEarlier("another", { RestoredFrom: ARN, RestoredEngineVersion: "18.5" });
    account.snapshots[OTHER] = GOOD;

    await expect(templatesOf(from("another", OTHER))).rejects.toThrow(
      /replace it by another one\. Set NOTEJAM_RESTORE_FROM=arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1 in/,
    );
  });

  test("with a snapshot, if the stage began empty", async () => {
    restoredEarlier("there", {});
    account.snapshots[ARN] = GOOD;

    await expect(templatesOf(from("there", ARN))).rejects.toThrow(
      "The stage restored-there has a database in eu-west-1, and CloudFormation would replace it by the snapshot's. Remove NOTEJAM_RESTORE_FROM from .env.restored-there, or restore into another stage or region.",
    );
  });

  test("under `sst dev` too", async () => {
    restoredEarlier("dev", { RestoredFrom: ARN });

    await expect(templatesOf({ ...stage("dev"), mode: "dev" })).rejects.toThrow("Set NOTEJAM_RESTORE_FROM=");
  });

  test("and `sst remove` is not: it replaces nothing", async () => {
    restoredEarlier("removed", { RestoredFrom: ARN });

    await templatesOf({ ...stage("removed"), mode: "remove" });

    expect(account.asked).toEqual([]);
  });
});

test("a stage that was never restored is asked for each time, and made as ever", async () => {
  restoredEarlier("plain", { SSTMetadata: "{}" });

  const { properties, outputs } = await clusterOf(stage("plain"));

  expect(account.asked.map((form) => form.get("StackName"))).toEqual(["restored-plain-notejam-data"]);
  expect(properties).toMatchObject({
    MasterUsername: "notejam",
    EngineVersion: "18.3",
    StorageEncrypted: true,
  });
  expect(properties).not.toHaveProperty("SnapshotIdentifier");
  expect(outputs).not.toHaveProperty("RestoredFrom");
});

describe("a restore is refused in one sentence", () => {
  test.each([
    {
      case: "from nowhere",
      snapshot: "no-such",
      has: {},
      says: /no-such, which does not exist in eu-west-1\./,
    },
    {
      case: "from what is no snapshot",
      snapshot: "-yesterday-",
      has: {},
      says: /"-yesterday-", which is not the ARN or the identifier of a cluster snapshot\./,
    },
    {
      case: "from another region",
      snapshot: ARN.replace("eu-west-1", "us-east-2"),
      has: {},
      says: /which is in us-east-2, and the stage in eu-west-1\. .*copy-db-cluster-snapshot --region eu-west-1 --source-region us-east-2/,
    },
    {
      case: "from a continuous recovery point",
      snapshot: "arn:aws:backup:eu-west-1:111122223333:recovery-point:continuous:cluster-abc",
      has: {},
      says: /a continuous recovery point\. Name one that is a snapshot/,
    },
    {
      case: "from one that is being made",
      snapshot: OTHER,
      has: { Status: "creating" },
      says: /is creating\. Wait/,
    },
    {
      case: "of another engine",
      snapshot: OTHER,
      has: { Engine: "aurora-mysql" },
      says: /not of a database of Notejam/,
    },
    {
      case: "of another service",
      snapshot: OTHER,
      has: { MasterUsername: "root" },
      says: /not of a database of Notejam/,
    },
    {
      case: "that is not encrypted",
      snapshot: OTHER,
      has: { StorageEncrypted: "false" },
      says: /not of a database/,
    },
    {
      case: "of a newer major version",
      snapshot: OTHER,
      has: { EngineVersion: "19.1" },
      says: /of PostgreSQL 19\.1, and this version of Notejam runs on 18\.3: .*Deploy the version of Notejam/,
    },
    {
      case: "of an older major version",
      snapshot: OTHER,
      has: { EngineVersion: "17.6" },
      says: /of PostgreSQL 17\.6/,
    },
  ])("$case", async ({ case: name, snapshot, has, says }) => {
    account.snapshots[OTHER] = { ...GOOD, ...has };

    const made = templatesOf(from(name.replaceAll(" ", "-").slice(0, 20).replace(/-$/, ""), snapshot));

    await expect(made).rejects.toThrow(says);
    await expect(made).rejects.toThrow(/^NOTEJAM_RESTORE_FROM is /);
    await expect(made).rejects.toThrow(/^[^\n]*$/);
  });
});
