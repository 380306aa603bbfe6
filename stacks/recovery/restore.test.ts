// Stages that are made from a snapshot, and all that is refused, before CloudFormation is told anything.
import { afterEach, describe, expect, test } from "vitest";
import { RESTORABLE } from "../testing/aws.ts";
import { idsOf } from "../testing/resources.ts";
import { account, templatesOf } from "../testing/templates.ts";

const ARN = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1";
const OTHER = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:other";

afterEach(() => {
  account.stacks = {};
  account.snapshots = {};
  account.missing = [];
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
    account.snapshots[snapshot] = RESTORABLE;

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
    account.snapshots[snapshot] = RESTORABLE;
    account.snapshots[ARN] = RESTORABLE;

    await clusterOf({ ...from("asks-automated", snapshot), anew: true });
    await clusterOf({ ...from("asks-others", ARN), anew: true });

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
    account.snapshots[ARN] = { ...RESTORABLE, EngineVersion: "18.1" };

    expect((await clusterOf(from("older-minor", ARN))).properties.EngineVersion).toBe("18.1");
  });

  test.each([
    { status: "ROLLBACK_COMPLETE", name: "rolled-back" },
    { status: "REVIEW_IN_PROGRESS", name: "in-review" },
  ])(
    "can be made after a first deployment that failed and left the stack in $status",
    async ({ status, name }) => {
      restoredEarlier(name, {}, status);
      account.snapshots[ARN] = RESTORABLE;

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
    account.snapshots[OTHER] = RESTORABLE;

    await expect(templatesOf(from("another", OTHER))).rejects.toThrow(
      /replace it by another one\. Set NOTEJAM_RESTORE_FROM=arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1 in/,
    );
  });

  test("with a snapshot, if the stage began empty", async () => {
    restoredEarlier("there", {});
    account.snapshots[ARN] = RESTORABLE;

    await expect(templatesOf(from("there", ARN))).rejects.toThrow(
      "The stage restored-there has a database in eu-west-1, and CloudFormation would replace it by the snapshot's. Remove NOTEJAM_RESTORE_FROM from .env.restored-there, or restore into another stage or region.",
    );
  });

  test("under `sst dev` too", async () => {
    restoredEarlier("dev", { RestoredFrom: ARN });

    await expect(templatesOf({ ...stage("dev"), mode: "dev" })).rejects.toThrow("Set NOTEJAM_RESTORE_FROM=");
  });

  test("and `sst remove` is not: it replaces nothing, and takes the cluster too", async () => {
    restoredEarlier("removed", { RestoredFrom: ARN });

    const { stacks } = await templatesOf({ ...stage("removed"), mode: "remove" });

    expect(Object.keys(stacks)).toEqual(["data", "app"]);
  });

  test("in a pull request's stage, which has no cluster", async () => {
    await expect(templatesOf({ stage: "pr-77", environment: { NOTEJAM_RESTORE_FROM: ARN } })).rejects.toThrow(
      "NOTEJAM_RESTORE_FROM is set, but pr-77 has its database on dev's cluster. Restore into a stage that is no pull request's.",
    );
  });

  test("a stage that has its database on dev's cluster is not made from a snapshot: its notes would be out of reach", async () => {
    account.stacks["lives-notejam-app"] = { status: "UPDATE_COMPLETE", outputs: {} };

    const made = templatesOf({ stage: "lives", environment: { NOTEJAM_RESTORE_FROM: ARN } });

    await expect(made).rejects.toThrow(
      "NOTEJAM_RESTORE_FROM is set, but the stage lives has its database on dev's cluster already, and would lose sight of it. Restore into a stage with another name, or remove this one first.",
    );
  });
});

describe("a stage of before dev's cluster was shared", () => {
  test.each(["deploy", "dev"] as const)(
    "is not moved by `sst %s`: its cluster would be left behind",
    async (mode) => {
      restoredEarlier("old", { SSTMetadata: "{}" });

      await expect(templatesOf({ ...stage("old"), mode })).rejects.toThrow(
        "The stage restored-old has a cluster of its own in eu-west-1, and stages now share dev's: a deployment would leave it behind. Export its notes if you want them, remove it with npx sst remove --stage restored-old --region eu-west-1, and deploy it anew (stacks/README.md, \"From a cluster of its own to dev's\").",
      );
    },
  );

  test.each(["UPDATE_COMPLETE", "ROLLBACK_COMPLETE"])("is removed with its cluster: %s", async (status) => {
    restoredEarlier(`old-${status === "UPDATE_COMPLETE" ? 1 : 2}`, {}, status);

    const name = `old-${status === "UPDATE_COMPLETE" ? 1 : 2}`;
    const { stacks } = await templatesOf({ ...stage(name), mode: "remove" });

    expect(Object.keys(stacks)).toEqual(["data", "app"]);
  });

  test("is deployed anew after that, and may have failed before it had a cluster", async () => {
    restoredEarlier("failed", {}, "ROLLBACK_COMPLETE");

    const { stacks } = await templatesOf(stage("failed"));

    expect(Object.keys(stacks)).toEqual(["app"]);
  });
});

describe("a small stage is refused before CloudFormation is told anything", () => {
  afterEach(() => {
    delete account.stacks["dev-notejam-app"];
  });

  test("where dev is older than the cluster that stages share", async () => {
    account.stacks["dev-notejam-app"] = {
      status: "UPDATE_COMPLETE",
      outputs: { ApiOrigin: "https://a.example" },
    };

    await expect(templatesOf(stage("early"))).rejects.toThrow(
      "dev is older than the cluster that stages share in eu-west-1, and restored-early has its database there. Deploy it first, with npx sst deploy --stage dev --region eu-west-1, or choose the region in which it is.",
    );
  });

  test("where there is no dev", async () => {
    account.missing = ["dev-notejam-app"];

    await expect(templatesOf({ ...stage("alone"), mode: "dev" })).rejects.toThrow(
      /^dev is not deployed in eu-west-1, and restored-alone has its database there\./,
    );
  });

  test("and is still removed, whatever became of dev", async () => {
    account.missing = ["dev-notejam-app"];

    const { app } = await templatesOf({ ...stage("left"), mode: "remove" });

    expect(idsOf(app)).toHaveProperty("StageDatabase");
  });
});

test("a fixed stage that was never restored is asked for each time, and made as ever", async () => {
  account.stacks["staging-notejam-data"] = { status: "UPDATE_COMPLETE", outputs: { SSTMetadata: "{}" } };

  const { properties, outputs } = await clusterOf({ stage: "staging", anew: true });

  expect(account.asked.map((form) => form.get("StackName"))).toEqual(["staging-notejam-data"]);
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
    account.snapshots[OTHER] = { ...RESTORABLE, ...has };

    const made = templatesOf(from(name.replaceAll(" ", "-").slice(0, 20).replace(/-$/, ""), snapshot));

    await expect(made).rejects.toThrow(says);
    await expect(made).rejects.toThrow(/^NOTEJAM_RESTORE_FROM is /);
    await expect(made).rejects.toThrow(/^[^\n]*$/);
  });
});
