// The cluster of a fixed stage, in the points where a mistake would cost data, money or secrecy.
import { describe, expect, test } from "vitest";
import { expected, FIXED, type Policies, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

describe("the database", () => {
  test.each(FIXED)("of %s is PostgreSQL 18 with the Data API, and RDS makes its password", async (stage) => {
    const { data } = await templatesOf({ stage });

    const { properties } = the(data, "AWS::RDS::DBCluster", "Database");

    expect(properties).toMatchObject({
      EngineVersion: "18.3",
      EnableHttpEndpoint: true,
      ManageMasterUserPassword: true,
    });
    expect(properties).not.toHaveProperty("MasterUserPassword");
  });

  test.each(FIXED)(
    "of %s has a zone for each instance: production, two at one size in two",
    async (stage) => {
      const { data } = await templatesOf({ stage });

      const instances = Object.values(data.findResources("AWS::RDS::DBInstance"));

      const zones = [0, 1].map((i) => ({ "Fn::Select": [i, { "Fn::GetAZs": "" }] }));
      expect(instances.map(({ Properties }) => Properties.AvailabilityZone)).toEqual(
        zones.slice(0, stage === "production" ? 2 : 1),
      );
      // A reader of the tiers 0 and 1 has the writer's size, so it can take over.
      for (const { Properties } of instances.slice(1)) expect(Properties.PromotionTier).toBe(1);
    },
  );

  test.each(FIXED)("of %s lies in two zones, with no way in and no way out", async (stage) => {
    const { data } = await templatesOf({ stage });

    const subnets = Object.values(data.findResources("AWS::EC2::Subnet"));
    const group = the(data, "AWS::EC2::SecurityGroup", "DatabaseSecurityGroup");

    expect(subnets.map(({ Properties }) => Properties.AvailabilityZone)).toEqual([
      { "Fn::Select": [0, { "Fn::GetAZs": "" }] },
      { "Fn::Select": [1, { "Fn::GetAZs": "" }] },
    ]);
    for (const way of ["NatGateway", "InternetGateway", "Route", "EIP", "VPCPeeringConnection"]) {
      data.resourceCountIs(`AWS::EC2::${way}`, 0);
    }
    expect(group.properties).not.toHaveProperty("SecurityGroupIngress");
    // CloudFormation allows everything out of a group that names nothing: the CDK names what can't be.
    expect(group.properties.SecurityGroupEgress).toEqual([
      expect.objectContaining({ CidrIp: "255.255.255.255/32" }),
    ]);
    data.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0);
    data.allResourcesProperties("AWS::RDS::DBInstance", { PubliclyAccessible: false });
  });

  test("of production outlives its stack, with all that it needs", async () => {
    const { data } = await templatesOf({ stage: "production" });

    const { Resources } = data.toJSON() as { Resources: Record<string, { Type: string } & Policies> };
    const gone = Object.values(Resources).filter((resource) => resource.DeletionPolicy !== "Retain");

    expect(the(data, "AWS::RDS::DBCluster", "Database").properties.DeletionProtection).toBe(true);
    // What acts on the data, and holds nothing.
    const actors = ["IAM::Policy", "IAM::Role", "Lambda::Function", "Scheduler::Schedule"];
    expect([...new Set(gone.map(({ Type }) => Type))].sort()).toEqual([
      ...actors.map((type) => `AWS::${type}`),
      "Custom::LogRetention",
    ]);
    for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(Resources)) {
      expect(UpdateReplacePolicy).toBe(DeletionPolicy);
    }
  });

  test.each(["staging", "dev"])("of %s leaves a snapshot, and the key to it", async (stage) => {
    const { data } = await templatesOf({ stage });

    expect(the(data, "AWS::RDS::DBCluster", "Database").DeletionPolicy).toBe("Snapshot");
    expect(the(data, "AWS::KMS::Key", "DatabaseKey").DeletionPolicy).toBe("Retain");
  });

  test("of production is backed up and maintained outside business hours, one after the other", async () => {
    const environment = { NOTEJAM_BUSINESS_HOURS: "MON-SAT 8-20", NOTEJAM_TIME_ZONE: "America/New_York" };
    const { data } = await templatesOf({ stage: "production", environment });

    // New York is four or five hours behind UTC: hours end at 00:00 or 01:00.
    const windows = { backup: "02:00-02:30", maintenance: "sun:03:00-sun:04:00" };
    expect(the(data, "AWS::RDS::DBCluster", "Database").properties).toMatchObject({
      PreferredBackupWindow: windows.backup,
      PreferredMaintenanceWindow: windows.maintenance,
    });
    data.allResourcesProperties("AWS::RDS::DBInstance", { PreferredMaintenanceWindow: windows.maintenance });
  });

  test.each(FIXED)("of %s gets minor versions by itself, in a window", async (stage) => {
    const { data } = await templatesOf({ stage });

    for (const { Properties } of Object.values(data.findResources("AWS::RDS::DBInstance"))) {
      expect(Properties.AutoMinorVersionUpgrade).toBe(true);
      expect(Properties.PreferredMaintenanceWindow).toMatch(/^sun:\d\d:\d\d-(sun|mon):\d\d:\d\d$/);
    }
  });

  test.each(FIXED)(
    "of %s has parameters of its own, by which its log has no values of users",
    async (stage) => {
      const { data } = await templatesOf({ stage });
      const parameters = the(data, "AWS::RDS::DBClusterParameterGroup", "DatabaseParameters");

      expect(the(data, "AWS::RDS::DBCluster", "Database").properties.DBClusterParameterGroupName).toEqual({
        Ref: parameters.logicalId,
      });
      expect(parameters.properties).toMatchObject({
        Family: "aurora-postgresql18",
        Parameters: {
          log_error_verbosity: "terse",
          log_parameter_max_length: "0",
          log_parameter_max_length_on_error: "0",
        },
      });
    },
  );

  test.each(FIXED)(
    "of %s sends PostgreSQL's log to CloudWatch, which keeps it as long as the others",
    async (stage) => {
      const { data } = await templatesOf({ stage });
      const cluster = the(data, "AWS::RDS::DBCluster", "Database");
      const name = { "Fn::Join": ["", ["/aws/rds/cluster/", { Ref: cluster.logicalId }, "/postgresql"]] };

      expect(cluster.properties).toMatchObject({
        EnableCloudwatchLogsExports: ["postgresql"],
        DatabaseInsightsMode: "standard",
      });
      data.hasResourceProperties("Custom::LogRetention", {
        LogGroupName: name,
        RetentionInDays: { production: 90, staging: 30, dev: 7 }[stage],
      });
    },
  );

  test.each(FIXED)("of %s has a role of the application, whose password AWS makes", async (stage) => {
    const { data } = await templatesOf({ stage });

    const { GenerateSecretString: made, SecretString } = the(
      data,
      "AWS::SecretsManager::Secret",
      "ApplicationSecret",
    ).properties;

    expect(JSON.parse(made.SecretStringTemplate)).toEqual({ username: "notejam_app" });
    expect(made).toMatchObject({ GenerateStringKey: "password", PasswordLength: 64 });
    expect(SecretString).toBeUndefined();
  });

  test("of production has a higher floor in business hours, set again and again in them", async () => {
    const { data } = await templatesOf({ stage: "production" });
    const { logicalId: cluster } = the(data, "AWS::RDS::DBCluster", "Database");
    const schedules = data.findResources("AWS::Scheduler::Schedule");
    const sets = (acu: number) => ({
      "Fn::Join": [
        "",
        [
          '{"DbClusterIdentifier":"',
          { Ref: cluster },
          `","ServerlessV2ScalingConfiguration":{"MinCapacity":${acu},"MaxCapacity":32},"ApplyImmediately":true}`,
        ],
      ],
    });

    const found = Object.values(schedules).map(({ Properties: { Target, ...schedule } }) => [
      schedule.ScheduleExpression,
      schedule.ScheduleExpressionTimezone,
      Target.Input,
    ]);
    expect(found).toEqual([
      ["cron(0/10 7-18 ? * MON-FRI *)", "Europe/Paris", sets(2)],
      ["cron(0/10 19 ? * MON-FRI *)", "Europe/Paris", sets(0.5)],
    ]);
    for (const { Properties } of Object.values(schedules)) {
      expect(JSON.stringify(Properties.Target.Arn)).toContain(":scheduler:::aws-sdk:rds:modifyDBCluster");
    }
    expect(
      the(data, "AWS::IAM::Policy", "CapacityRoleDefaultPolicy").properties.PolicyDocument.Statement,
    ).toEqual([
      {
        Action: "rds:ModifyDBCluster",
        Effect: "Allow",
        Resource: { "Fn::Join": ["", expect.arrayContaining([{ Ref: cluster }])] },
      },
    ]);
  });

  test.each(FIXED.slice(1))("of %s keeps its floor all day", async (stage) => {
    const environment = { NOTEJAM_BUSINESS_HOURS: "MON-FRI 7-19", NOTEJAM_TIME_ZONE: "UTC" };
    const { data } = await templatesOf({ stage, environment });

    data.resourceCountIs("AWS::Scheduler::Schedule", 0);
  });

  test.each(FIXED)("of %s scales, pauses and can be recovered as README.md says", async (stage) => {
    const { data } = await templatesOf({ stage });
    const { recoveryDays, scaling } = expected(stage);

    const { properties } = the(data, "AWS::RDS::DBCluster", "Database");

    expect(properties.BackupRetentionPeriod).toBe(recoveryDays);
    expect(properties.ServerlessV2ScalingConfiguration).toEqual(scaling);
  });

  test.each(FIXED)("keeps what AWS can't change in place in %s", async (stage) => {
    const { data } = await templatesOf({ stage });
    const { Network1C6012B5: network } = data.findResources("AWS::EC2::VPC");
    const subnets = Object.values(data.findResources("AWS::EC2::Subnet"));

    const { properties } = the(data, "AWS::RDS::DBCluster", "Database");

    expect(network?.Properties.CidrBlock).toBe("10.0.0.0/16");
    expect(subnets.map(({ Properties }) => Properties.CidrBlock)).toEqual(["10.0.0.0/24", "10.0.1.0/24"]);
    expect(properties).toMatchObject({
      DBSubnetGroupName: { Ref: "DatabaseSubnets56F17B9A" },
      DBClusterParameterGroupName: { Ref: "DatabaseParameters4609B2CF" },
      DatabaseName: "notejam",
      Engine: "aurora-postgresql",
      KmsKeyId: { "Fn::GetAtt": ["DatabaseKey7576F140", "Arn"] },
      MasterUsername: "notejam",
      StorageEncrypted: true,
    });
    // AWS chooses the cluster's name: a name of ours could not be used by the cluster that replaces it one day.
    expect(properties).not.toHaveProperty("DBClusterIdentifier");
  });
});
