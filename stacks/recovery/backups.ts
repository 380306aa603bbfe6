// What AWS Backup does for production: a recovery point a day and one a month, each with a copy in the far region, and once a
// month a test if one of them can be restored.
import { Aws, Duration, Fn } from "aws-cdk-lib";
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupVault,
  CfnRestoreTestingPlan,
  CfnRestoreTestingSelection,
} from "aws-cdk-lib/aws-backup";
import { Schedule } from "aws-cdk-lib/aws-events";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Stack } from "sst/constructs";
import type { OwnDatabase } from "../data/database.ts";
import type { Windows } from "../data/windows.ts";
import type { Stage } from "../stage/stage.ts";
import { FAR, FAR_KEPT_DAYS, KEPT_DAYS, type Period, vaultName, vaults } from "./vaults.ts";

/** The test begins in the morning of the 5th, when somebody can look at it. */
const TEST = { minute: "0", hour: "8", day: "5" };
/** A backup starts within this time or not at all. AWS takes an hour or more. */
const START_WITHIN = Duration.hours(1);
const COMPLETE_WITHIN = Duration.hours(4);
/** Hours that a restored cluster is there to be looked at. */
const TEST_HOURS = 8;

interface Needs {
  database: OwnDatabase;
  /** Where the stage `vault` is deployed. */
  farRegion: string;
  starts: Windows["starts"];
}

export function backups(stack: Stack, stage: Stage, { database, farRegion, starts }: Needs): void {
  const near = vaults(stack, stage.name);
  const rule = (period: Period) =>
    new BackupPlanRule({
      ruleName: period,
      backupVault: near[period],
      scheduleExpression: Schedule.cron({ ...starts[period], ...(period === "monthly" && { day: "1" }) }),
      startWindow: START_WITHIN,
      completionWindow: COMPLETE_WITHIN,
      deleteAfter: Duration.days(KEPT_DAYS[period]),
      copyActions: [
        {
          destinationBackupVault: farVault(stack, farRegion, period),
          deleteAfter: Duration.days(FAR_KEPT_DAYS[period]),
        },
      ],
    });
  const plan = new BackupPlan(stack, "Plan", {
    backupPlanName: `notejam-${stage.name}`,
    backupPlanRules: [rule("daily"), rule("monthly")],
  });
  plan.addSelection("Cluster", {
    resources: [BackupResource.fromArn(database.clusterArn)],
    role: backupRole(stack, "BackupRole", "Backup"),
    disableDefaultBackupPolicy: true,
  });

  testRestores(stack, stage, database, [near.daily.backupVaultArn, near.monthly.backupVaultArn]);
}

function farVault(stack: Stack, region: string, period: Period) {
  const arn = `arn:${Aws.PARTITION}:backup:${region}:${Aws.ACCOUNT_ID}:backup-vault:${vaultName(FAR, period)}`;
  return BackupVault.fromBackupVaultArn(stack, `Far${period}`, arn);
}

/**
 * A role with AWS's own policy for the task: what a backup of Aurora needs is not documented by action, and changes with AWS
 * Backup. Only AWS Backup can take it.
 */
function backupRole(stack: Stack, id: string, task: "Backup" | "Restores"): Role {
  return new Role(stack, id, {
    assumedBy: new ServicePrincipal("backup.amazonaws.com"),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName(`service-role/AWSBackupServiceRolePolicyFor${task}`),
    ],
  });
}

/** Restores a random recovery point once a month beside production, as a cluster without instances, and removes it. */
function testRestores(
  stack: Stack,
  stage: Stage,
  { clusterArn, restoreTest }: OwnDatabase,
  includeVaults: string[],
): void {
  const plan = new CfnRestoreTestingPlan(stack, "RestoreTest", {
    // Letters, digits and underscores only.
    restoreTestingPlanName: `notejam_${stage.name.replaceAll("-", "_")}`,
    scheduleExpression: Schedule.cron(TEST).expressionString,
    startWindowHours: 4,
    recoveryPointSelection: {
      algorithm: "RANDOM_WITHIN_WINDOW",
      includeVaults,
      recoveryPointTypes: ["SNAPSHOT"],
      selectionWindowDays: KEPT_DAYS.daily,
    },
  });
  new CfnRestoreTestingSelection(stack, "RestoreTestOfCluster", {
    restoreTestingPlanName: plan.restoreTestingPlanName,
    restoreTestingSelectionName: "cluster",
    protectedResourceType: "Aurora",
    protectedResourceArns: [clusterArn],
    iamRoleArn: backupRole(stack, "RestoreTestRole", "Restores").roleArn,
    // Without a subnet group it would go into the account's default network, which need not exist.
    restoreMetadataOverrides: {
      dbSubnetGroupName: restoreTest.subnetGroupName,
      vpcSecurityGroupIds: Fn.join("", ['["', restoreTest.securityGroupId, '"]']),
      kmsKeyId: restoreTest.keyArn,
      dbClusterParameterGroupName: restoreTest.parameterGroupName,
    },
    validationWindowHours: TEST_HOURS,
  }).addDependency(plan);
}
