// A stage that is made from a snapshot: NOTEJAM_RESTORE_FROM. When a deployment no longer names the snapshot, CloudFormation replaces
// the cluster by an empty one; when a deployment names a snapshot only later, by the snapshot's. So the stack records where its
// cluster came from, and each synthesis for a deployment asks CloudFormation first.
import {
  type DBClusterSnapshot,
  DBClusterSnapshotNotFoundFault,
  DescribeDBClusterSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { CfnDBCluster } from "aws-cdk-lib/aws-rds";
import type { Stack } from "sst/constructs";
import { useAWSCredentialsProvider } from "sst/credentials.js";
import { VisibleError } from "sst/error.js";
import { deployedStack } from "../account/stack.ts";
import type { Stage } from "../stage/stage.ts";

/** The setting that names a cluster snapshot, by ARN or identifier. AWS Backup's recovery points of Aurora are such snapshots. */
export const RESTORE_VARIABLE = "NOTEJAM_RESTORE_FROM";

/** The outputs of the stack that record it. */
export const RECORD = { snapshot: "RestoredFrom", engineVersion: "RestoredEngineVersion" } as const;

export interface Restored {
  /** As the variable names it: CloudFormation compares the text. */
  snapshot: string;
  /** The snapshot's. A snapshot can't be restored into an older one. */
  engineVersion: string;
  /** Whether the cluster is there already. */
  done: boolean;
}

/** What a snapshot must have to become the database of a stage. */
interface Expected {
  engineVersion: string;
  masterUser: string;
}

/**
 * Where the stage's database comes from.
 * @param given what the variable says
 * @returns undefined if it was or will be made empty
 * @throws VisibleError if the deployment would replace a database that is there, or the snapshot can't become this stage's
 */
export async function restoredFrom(
  stage: Pick<Stage, "name">,
  region: string,
  given: string | undefined,
  expected: Expected,
): Promise<Restored | undefined> {
  const snapshot = given ? parsed(given, region) : undefined;
  const record = await recordOf(`${stage.name}-notejam-data`, region);
  if (!record) {
    return snapshot === undefined
      ? undefined
      : { ...(await checked(snapshot, region, expected)), done: false };
  }
  if (record.snapshot === snapshot) {
    return snapshot === undefined
      ? undefined
      : { snapshot, engineVersion: record.engineVersion ?? expected.engineVersion, done: true };
  }
  throw new VisibleError(
    record.snapshot
      ? `The database of ${stage.name} was restored from ${record.snapshot}, and CloudFormation would replace it by ${snapshot ? "another one" : "an empty one"}. Set ${RESTORE_VARIABLE}=${record.snapshot} in .env.${stage.name}.`
      : `The stage ${stage.name} has a database in ${region}, and CloudFormation would replace it by the snapshot's. Remove ${RESTORE_VARIABLE} from .env.${stage.name}, or restore into another stage or region.`,
  );
}

/** Makes the cluster from the snapshot, and records it. CloudFormation refuses properties that the snapshot decides. */
export function restore(
  stack: Stack,
  cluster: CfnDBCluster,
  { snapshot, engineVersion, done }: Restored,
): void {
  cluster.addPropertyOverride("SnapshotIdentifier", snapshot);
  for (const inherited of ["MasterUsername", "StorageEncrypted"]) {
    cluster.addPropertyDeletionOverride(inherited);
  }
  // Afterwards it may be upgraded, like any other.
  if (!done || isOlder(cluster.engineVersion ?? "", engineVersion)) {
    cluster.addPropertyOverride("EngineVersion", engineVersion);
  }
  stack.addOutputs({ [RECORD.snapshot]: snapshot, [RECORD.engineVersion]: engineVersion });
}

/** @throws VisibleError if it can't be a cluster snapshot in this region */
function parsed(given: string, region: string): string {
  if (/^arn:[^:]+:backup:/.test(given)) {
    throw new VisibleError(
      `${RESTORE_VARIABLE} is ${given}, a continuous recovery point. Name one that is a snapshot: its ARN begins with arn:aws:rds:${region}.`,
    );
  }
  const arn = /^arn:[^:]+:rds:([^:]+):\d{12}:cluster-snapshot:.+$/.exec(given);
  if (!arn && !/^(?:(?:rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]*$/.test(given)) {
    throw new VisibleError(
      `${RESTORE_VARIABLE} is "${given}", which is not the ARN or the identifier of a cluster snapshot.`,
    );
  }
  if (arn && arn[1] !== region) {
    throw new VisibleError(
      `${RESTORE_VARIABLE} is ${given}, which is in ${arn[1]}, and the stage in ${region}. Name the copy in ${region}, or make one with aws rds copy-db-cluster-snapshot --region ${region} --source-region ${arn[1]}.`,
    );
  }
  return given;
}

/** What the stack records; undefined if there is no stack with resources yet. */
async function recordOf(stackName: string, region: string) {
  const stack = await deployedStack(stackName, region);
  if (!stack || stack.isEmpty) return undefined;
  return { snapshot: stack.output(RECORD.snapshot), engineVersion: stack.output(RECORD.engineVersion) };
}

/** @throws VisibleError if there is no such snapshot, or it can't become a database of this version of Notejam */
async function checked(snapshot: string, region: string, expected: Expected) {
  const refuse = (why: string) => new VisibleError(`${RESTORE_VARIABLE} is ${snapshot}, ${why}`);
  const found = await snapshotOf(snapshot, region);
  if (!found) {
    throw refuse(
      `which does not exist in ${region}. aws rds describe-db-cluster-snapshots --region ${region} lists those that do.`,
    );
  }
  const { Engine, EngineVersion: engineVersion = "", Status, MasterUsername, StorageEncrypted } = found;
  if (Status !== "available") throw refuse(`which is ${Status}. Wait until it is available.`);
  if (Engine !== "aurora-postgresql" || MasterUsername !== expected.masterUser || !StorageEncrypted) {
    throw refuse("which is not of a database of Notejam.");
  }
  const [major, expectedMajor] = [engineVersion, expected.engineVersion].map((one) => one.split(".")[0]);
  if (major !== expectedMajor) {
    throw refuse(
      `which is of PostgreSQL ${engineVersion}, and this version of Notejam runs on ${expected.engineVersion}: a snapshot can't be restored into another major version. Deploy the version of Notejam that it belongs to.`,
    );
  }
  return { snapshot, engineVersion };
}

async function snapshotOf(snapshot: string, region: string): Promise<DBClusterSnapshot | undefined> {
  const client = new RDSClient({ region, credentials: useAWSCredentialsProvider() });
  const asked = new DescribeDBClusterSnapshotsCommand({
    DBClusterSnapshotIdentifier: snapshot,
    // RDS finds its own nightly ones only if they are asked for.
    ...(/(^|:)rds:[^:]*$/.test(snapshot) && { SnapshotType: "automated" }),
  });
  try {
    return (await client.send(asked)).DBClusterSnapshots?.[0];
  } catch (error) {
    if (error instanceof DBClusterSnapshotNotFoundFault) return undefined;
    throw error;
  }
}

/** Compares two versions of one major version. */
function isOlder(version: string, than: string): boolean {
  const [minor = 0, thanMinor = 0] = [version, than].map((one) => Number(one.split(".")[1] ?? 0));
  return minor < thanMinor;
}
