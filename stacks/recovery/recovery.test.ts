// What AWS Backup is told, in the points where a mistake would show on the day when a backup is needed. The rules of AWS that
// synthesis and cfn-lint don't know are checked here too.
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { ACCOUNT, FAR_REGION, templatesOf } from "../testing/templates.ts";

const production = async () => (await templatesOf({ stage: "production" })).stack("recovery");
const far = async () => (await templatesOf({ stage: "vault", region: FAR_REGION })).stack("vault");
const VAULTS = [
  { region: "production", template: production, name: "notejam-production" },
  { region: "the far region", template: far, name: "notejam-far" },
];

type Properties = ReturnType<Template["findResources"]>[string];

/** The properties of all resources of a type, by their logical ids. */
function all(template: Template, type: string): [id: string, properties: Properties][] {
  return Object.entries(template.findResources(type)).map(([id, { Properties }]) => [id, Properties]);
}

function only(template: Template, type: string): Properties {
  const found = all(template, type);
  expect(found).toHaveLength(1);
  return (found[0] as (typeof found)[0])[1];
}

function vaultOf(template: Template, name: string) {
  const found = all(template, "AWS::Backup::BackupVault").find(
    ([, { BackupVaultName }]) => BackupVaultName === name,
  );
  if (!found) throw new Error(`No vault is called ${name}.`);
  return { id: found[0], properties: found[1] };
}

interface Rule {
  RuleName: string;
  TargetBackupVault: { "Fn::GetAtt": [string, string] };
  ScheduleExpression: string;
  StartWindowMinutes: number;
  CompletionWindowMinutes: number;
  Lifecycle: { DeleteAfterDays: number };
  CopyActions: {
    DestinationBackupVaultArn: { "Fn::Join": [string, (string | { Ref: string })[]] };
    Lifecycle: { DeleteAfterDays: number };
  }[];
}

async function rules(): Promise<{ daily: Rule; monthly: Rule }> {
  const { BackupPlan } = only(await production(), "AWS::Backup::BackupPlan") as {
    BackupPlan: { BackupPlanRule: Rule[] };
  };
  const named = (name: string) => BackupPlan.BackupPlanRule.find(({ RuleName }) => RuleName === name) as Rule;
  expect(BackupPlan.BackupPlanRule).toHaveLength(2);
  return { daily: named("daily"), monthly: named("monthly") };
}

/** What `Fn::Join` makes of its parts in production. */
function joined({ "Fn::Join": [between, parts] }: { "Fn::Join": [string, (string | { Ref: string })[]] }) {
  const values: Record<string, string> = { "AWS::Partition": "aws", "AWS::AccountId": ACCOUNT };
  return parts.map((part) => (typeof part === "string" ? part : values[part.Ref])).join(between);
}

describe.each(VAULTS)("the vaults of $region", ({ template, name }) => {
  test("are two, with names that another region can know, and a key of their own that outlives everything", async () => {
    const found = await template();
    const [[keyId, key] = ["", {}]] = all(found, "AWS::KMS::Key");

    expect(all(found, "AWS::Backup::BackupVault")).toHaveLength(2);
    for (const period of ["daily", "monthly"]) {
      const { id, properties } = vaultOf(found, `${name}-${period}`);
      expect(properties.EncryptionKeyArn).toEqual({ "Fn::GetAtt": [keyId, "Arn"] });
      expect(found.toJSON().Resources[id]).toMatchObject({
        DeletionPolicy: "RetainExceptOnCreate",
        UpdateReplacePolicy: "Retain",
      });
      // AWS: 2 to 50 letters, digits, hyphens and underscores.
      expect(properties.BackupVaultName).toMatch(/^[A-Za-z0-9_-]{2,50}$/);
    }
    expect(key).toMatchObject({ EnableKeyRotation: true });
    expect(found.toJSON().Resources[keyId]).toMatchObject({
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
    });
  });

  test("lock the monthly recovery points for three years, and the daily ones not at all", async () => {
    const found = await template();

    const lock = vaultOf(found, `${name}-monthly`).properties.LockConfiguration as Record<string, number>;

    expect(lock.MinRetentionDays).toBe(1095);
    expect(lock.MaxRetentionDays).toBeGreaterThan(1095);
    // AWS: at least 3. Without it the lock is one that an administrator can take off.
    expect(lock.ChangeableForDays).toBeGreaterThanOrEqual(3);
    expect(vaultOf(found, `${name}-daily`).properties).not.toHaveProperty("LockConfiguration");
  });

  test("let nobody delete a recovery point, and only a deployment change that", async () => {
    const found = await template();

    for (const period of ["daily", "monthly"]) {
      const { AccessPolicy } = vaultOf(found, `${name}-${period}`).properties as {
        AccessPolicy: { Statement: Record<string, unknown>[] };
      };
      const denied = (action: string) =>
        AccessPolicy.Statement.filter(({ Action }) => (Action as string[]).includes(action));

      for (const { Effect, Principal } of AccessPolicy.Statement) {
        expect([Effect, Principal]).toEqual(["Deny", { AWS: "*" }]);
      }
      for (const action of ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]) {
        expect(denied(action)).toHaveLength(1);
        expect(denied(action)[0]).not.toHaveProperty("Condition");
      }
      for (const action of ["backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy"]) {
        expect(JSON.stringify(denied(action)[0]?.Condition)).toMatch(/ArnNotLike.*cdk-\*-cfn-exec-role-\*/);
      }
    }
  });
});

describe("production's backups", () => {
  test("are of the cluster, once a day for 35 days and once a month for 1,095", async () => {
    const template = await production();
    const { daily, monthly } = await rules();
    const target = ({ TargetBackupVault }: Rule) => TargetBackupVault["Fn::GetAtt"][0];
    const { BackupSelection } = only(template, "AWS::Backup::BackupSelection") as {
      BackupSelection: { Resources: unknown[] };
    };

    expect(BackupSelection.Resources).toHaveLength(1);
    expect(JSON.stringify(BackupSelection.Resources[0])).toMatch(
      /:rds:eu-west-1:111122223333:cluster:.*production-notejam-data:.*DatabaseB269D8BB/,
    );
    expect(daily.ScheduleExpression).toMatch(/^cron\(\d+ \d+ \* \* \? \*\)$/);
    expect(monthly.ScheduleExpression).toMatch(/^cron\(\d+ \d+ 1 \* \? \*\)$/);
    expect([daily.Lifecycle.DeleteAfterDays, monthly.Lifecycle.DeleteAfterDays]).toEqual([35, 1095]);
    expect(target(daily)).toBe(vaultOf(template, "notejam-production-daily").id);
    expect(target(monthly)).toBe(vaultOf(template, "notejam-production-monthly").id);
  });

  test("are copied into vaults that the stage `vault` has in the far region", async () => {
    const there = await far();

    for (const [period, { CopyActions }] of Object.entries(await rules())) {
      expect(CopyActions).toHaveLength(1);
      const arn = CopyActions[0] && joined(CopyActions[0].DestinationBackupVaultArn);
      const name = /^arn:aws:backup:sa-east-1:111122223333:backup-vault:(.*)$/.exec(arn ?? "")?.[1];
      expect(name).toContain(period);
      expect(() => vaultOf(there, name ?? "")).not.toThrow();
    }
  });

  test("are kept as long as each vault's lock demands, here and there", async () => {
    const { monthly } = await rules();
    const locks = [
      { lock: vaultOf(await production(), "notejam-production-monthly"), days: monthly.Lifecycle },
      { lock: vaultOf(await far(), "notejam-far-monthly"), days: monthly.CopyActions[0]?.Lifecycle },
    ];

    for (const { lock, days } of locks) {
      const { MinRetentionDays, MaxRetentionDays } = lock.properties.LockConfiguration as Record<
        string,
        number
      >;
      expect(days?.DeleteAfterDays).toBeGreaterThanOrEqual(MinRetentionDays ?? Number.NaN);
      expect(days?.DeleteAfterDays).toBeLessThanOrEqual(MaxRetentionDays ?? Number.NaN);
    }
  });

  test("start outside each other's time, and outside the cluster's windows", async () => {
    const { data } = await templatesOf({ stage: "production" });
    const cluster = only(data, "AWS::RDS::DBCluster");
    const windows = [cluster.PreferredBackupWindow, cluster.PreferredMaintenanceWindow].map(minutesOfWindow);
    const { daily, monthly } = await rules();

    const starts = [daily, monthly].map(minutesOfStart);

    for (const start of starts) {
      for (const window of windows) expect(overlap(start, window)).toBe(false);
    }
    expect(overlap(starts[0] as Minutes, starts[1] as Minutes)).toBe(false);
    for (const { StartWindowMinutes, CompletionWindowMinutes } of [daily, monthly]) {
      expect(StartWindowMinutes).toBeGreaterThanOrEqual(60);
      expect(CompletionWindowMinutes).toBeGreaterThanOrEqual(StartWindowMinutes + 60);
    }
  });

  test("are made by a role that only AWS Backup can take, and not by the one that restores", async () => {
    const roles = all(await production(), "AWS::IAM::Role").filter(([id]) =>
      /^(Backup|RestoreTest)/.test(id),
    );
    const policies = roles.map(
      ([, { ManagedPolicyArns }]) =>
        /AWSBackupServiceRolePolicyFor\w+/.exec(JSON.stringify(ManagedPolicyArns))?.[0],
    );

    expect(policies.sort()).toEqual([
      "AWSBackupServiceRolePolicyForBackup",
      "AWSBackupServiceRolePolicyForRestores",
    ]);
    for (const [, { AssumeRolePolicyDocument }] of roles) {
      expect((AssumeRolePolicyDocument as { Statement: unknown[] }).Statement).toEqual([
        { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "backup.amazonaws.com" } },
      ]);
    }
  });
});

describe("the test of restores", () => {
  test("takes one of production's recovery points once a month, under names that AWS takes", async () => {
    const template = await production();
    const plan = only(template, "AWS::Backup::RestoreTestingPlan");
    const selection = only(template, "AWS::Backup::RestoreTestingSelection");

    expect(plan).toMatchObject({
      ScheduleExpression: expect.stringMatching(/^cron\(\d+ \d+ \d+ \* \? \*\)$/),
      RecoveryPointSelection: {
        IncludeVaults: ["daily", "monthly"].map((period) => ({
          "Fn::GetAtt": [vaultOf(template, `notejam-production-${period}`).id, "BackupVaultArn"],
        })),
        RecoveryPointTypes: ["SNAPSHOT"],
      },
    });
    // AWS: 1 to 50 letters, digits and underscores.
    for (const name of [plan.RestoreTestingPlanName, selection.RestoreTestingSelectionName]) {
      expect(name).toMatch(/^[A-Za-z0-9_]{1,50}$/);
    }
    expect(selection).toMatchObject({
      ProtectedResourceType: "Aurora",
      RestoreTestingPlanName: plan.RestoreTestingPlanName,
    });
    // AWS: 1 to 168 hours.
    expect(selection.ValidationWindowHours).toBeGreaterThanOrEqual(1);
    expect(selection.ValidationWindowHours).toBeLessThanOrEqual(168);
  });

  test("restores into the cluster's own network, by name, with its key", async () => {
    const { RestoreMetadataOverrides: where } = only(
      await production(),
      "AWS::Backup::RestoreTestingSelection",
    );

    expect(Object.keys(where).sort()).toEqual([
      "dbClusterParameterGroupName",
      "dbSubnetGroupName",
      "kmsKeyId",
      "vpcSecurityGroupIds",
    ]);
    expect(JSON.stringify(where.dbClusterParameterGroupName)).toContain("DatabaseParameters");
    expect(JSON.stringify(where.dbSubnetGroupName)).toContain("DatabaseSubnets56F17B9A");
    expect(JSON.stringify(where.kmsKeyId)).toContain("DatabaseKey7576F140Arn");
    // A list, in JSON.
    expect(where.vpcSecurityGroupIds).toEqual({
      "Fn::Join": ["", ['["', { "Fn::ImportValue": expect.stringContaining("DatabaseSecurityGroup") }, '"]']],
    });
  });
});

test.each(["staging", "dev", "ana"])("%s has no backups beyond Aurora's own", async (stage) => {
  const { stack, stacks } = await templatesOf({ stage });

  expect(() => stack("recovery")).toThrow("no stack");
  expect(JSON.stringify(stacks)).not.toContain("AWS::Backup");
});

test("the stage `vault` has its vaults and nothing else that costs", async () => {
  const types = Object.values((await far()).toJSON().Resources as Record<string, { Type: string }>);

  // A role and a function are SST's own, with a group for the function's lines.
  expect([...new Set(types.map(({ Type }) => Type))].sort()).toEqual([
    "AWS::Backup::BackupVault",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
  ]);
});

const DAY = 24 * 60;
/** Minutes of the day, in UTC: from, and for how long. */
type Minutes = { from: number; length: number };

/** Of `02:00-02:30` and `sun:03:00-sun:03:30`, whichever the day. */
function minutesOfWindow(window: string): Minutes {
  const [from = 0, to = 0] = [...window.matchAll(/(\d\d):(\d\d)/g)].map(
    ([, h, m]) => Number(h) * 60 + Number(m),
  );
  return { from, length: (to - from + DAY) % DAY };
}

function minutesOfStart({ ScheduleExpression, StartWindowMinutes }: Rule): Minutes {
  const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(ScheduleExpression) ?? [];
  return { from: Number(hour) * 60 + Number(minute), length: StartWindowMinutes };
}

function overlap(a: Minutes, b: Minutes): boolean {
  return (b.from - a.from + DAY) % DAY < a.length || (a.from - b.from + DAY) % DAY < b.length;
}
