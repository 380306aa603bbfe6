// A restore that is rehearsed on AWS: a stage beside another, made from a snapshot of its cluster, and removed afterwards. `npm run
// drill -- --stage <stage>` compares what is in both.
import { CloudFormationClient, DescribeStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import {
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  paginateDescribeDBClusterSnapshots,
  RDSClient,
  waitUntilDBClusterSnapshotAvailable,
} from "@aws-sdk/client-rds";
import { VisibleError } from "sst/error.js";
import { deployedStages, refuseConflict } from "../account/stages.ts";
import { sst } from "../runner/sst.ts";
import { regionOf, stageOf } from "../stage/stage.ts";
import { RESTORE_VARIABLE } from "./restore.ts";

/** The stage that is made, and what its snapshots' names begin with. */
const RESTORED = "restored";
const PREFIX = "notejam-drill-";

/** Seconds that a snapshot of a cluster of any size may take. */
const SNAPSHOT_SECONDS = 3600;

export interface Rehearsal {
  /** The address of the stage that is restored. */
  site: string;
  /** Takes a snapshot of its cluster. @returns its ARN */
  snapshot(): Promise<string>;
  /** Makes the other stage from it. @returns its address */
  restore(snapshot: string): Promise<string>;
  /** Removes the other stage, and the snapshots: also those that an earlier rehearsal left. */
  clear(): Promise<void>;
}

/** @throws VisibleError if the stage can't be restored beside itself, or is not deployed */
export async function rehearsalOf(stageName: string | undefined, regionName?: string): Promise<Rehearsal> {
  const stage = stageOf(stageName);
  const region = regionOf(regionName);
  if (!stage.fixed || stage.account === "production") {
    throw new VisibleError(
      `The drill restores staging or dev, not ${stage.name}: no other stage is deployed into production's account, and a person's has no cluster.`,
    );
  }
  const stages = await deployedStages({ region });
  const site = stages.get(stage.name)?.site;
  if (site === undefined) throw new VisibleError(`${stage.name} is not deployed in ${region}.`);
  const rds = new RDSClient({ region });
  const cluster = await clusterOf(stage.name, region);

  return {
    site,

    async snapshot() {
      const DBClusterSnapshotIdentifier = `${PREFIX}${Date.now()}`;
      const input = { DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier };
      const { DBClusterSnapshot } = await rds.send(new CreateDBClusterSnapshotCommand(input));
      await waitUntilDBClusterSnapshotAvailable(
        { client: rds, maxWaitTime: SNAPSHOT_SECONDS },
        { DBClusterSnapshotIdentifier },
      );
      return DBClusterSnapshot?.DBClusterSnapshotArn ?? DBClusterSnapshotIdentifier;
    },

    async restore(snapshot) {
      await sst("deploy", RESTORED, region, { [RESTORE_VARIABLE]: snapshot });
      const site = (await deployedStages({ region })).get(RESTORED)?.site;
      if (site === undefined) throw new VisibleError(`The stage ${RESTORED} has no site.`);
      return site;
    },

    async clear() {
      const found = (await deployedStages({ region })).get(RESTORED);
      if (found) {
        refuseConflict("remove", RESTORED, found, undefined);
        await sst("remove", RESTORED, region);
      }
      const asked = { DBClusterIdentifier: cluster, SnapshotType: "manual" };
      for await (const { DBClusterSnapshots = [] } of paginateDescribeDBClusterSnapshots(
        { client: rds },
        asked,
      )) {
        for (const { DBClusterSnapshotIdentifier = "" } of DBClusterSnapshots) {
          if (!DBClusterSnapshotIdentifier.startsWith(PREFIX)) continue;
          await rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier }));
        }
      }
    },
  };
}

async function clusterOf(stage: string, region: string): Promise<string> {
  const client = new CloudFormationClient({ region });
  const asked = new DescribeStackResourcesCommand({ StackName: `${stage}-notejam-data` });
  const { StackResources = [] } = await client.send(asked);
  const found = StackResources.find(({ ResourceType }) => ResourceType === "AWS::RDS::DBCluster");
  if (found?.PhysicalResourceId) return found.PhysicalResourceId;
  throw new VisibleError(`The stack ${stage}-notejam-data has no database.`);
}
