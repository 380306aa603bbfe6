// What the templates of each kind of stage contain, in the points where a mistake would cost data, money or secrecy. What holds
// for every resource is in rules.test.ts.
import { createContext, runInContext } from "node:vm";
import { ENV } from "@notejam/core/config";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import { FUNCTION_NAMES, FUNCTIONS, invokedBy, variablesOf } from "@notejam/functions/functions";
import { cacheControl, HTTPS_HEADERS, WEB_HEADERS } from "@notejam/functions/web-headers";
import type { Template } from "aws-cdk-lib/assertions";
import { CachePolicy, OriginRequestPolicy } from "aws-cdk-lib/aws-cloudfront";
import { describe, expect, test } from "vitest";
import { hashOfFolder } from "../app/migrations.ts";
import { RESTORABLE } from "../testing/aws.ts";
import {
  ALL,
  expected,
  FIXED,
  idsOf,
  type Policies,
  parameterOf,
  permissionsOf,
  SMALL,
  the,
  WITH_SITE,
} from "../testing/resources.ts";
import { account, templatesOf } from "../testing/templates.ts";

/** As EventBridge writes it: in the largest unit that fits. */
function rateOf(hours: number): string {
  const [count, unit] = hours % 24 === 0 ? [hours / 24, "day"] : [hours, "hour"];
  return `rate(${count} ${unit}${count === 1 ? "" : "s"})`;
}

describe("the database", () => {
  test.each(FIXED)(
    "of %s is Aurora PostgreSQL 18 with the Data API, encrypted with a key of its own",
    async (stage) => {
      const { data } = await templatesOf({ stage });

      const cluster = the(data, "AWS::RDS::DBCluster", "Database");
      const key = the(data, "AWS::KMS::Key", "DatabaseKey");

      expect(cluster.properties).toMatchObject({
        Engine: "aurora-postgresql",
        EngineVersion: "18.3",
        EnableHttpEndpoint: true,
        StorageEncrypted: true,
        KmsKeyId: { "Fn::GetAtt": [key.logicalId, "Arn"] },
        DatabaseName: "notejam",
      });
      expect(key.properties.EnableKeyRotation).toBe(true);
    },
  );

  test.each(FIXED)("of %s has a password that RDS makes and no template contains", async (stage) => {
    const { data } = await templatesOf({ stage });

    const { properties } = the(data, "AWS::RDS::DBCluster", "Database");

    expect(properties).toMatchObject({ MasterUsername: "notejam", ManageMasterUserPassword: true });
    expect(properties).not.toHaveProperty("MasterUserPassword");
  });

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

  test("of production has a reader to fail over to, at the writer's size; the others have none", async () => {
    const { data } = await templatesOf({ stage: "production" });

    expect(the(data, "AWS::RDS::DBInstance", "DatabaseReader1").properties.PromotionTier).toBe(1);
    for (const stage of FIXED) {
      const instances = 1 + (stage === "production" ? 1 : 0);
      (await templatesOf({ stage })).data.resourceCountIs("AWS::RDS::DBInstance", instances);
    }
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

  test.each(FIXED)("of %s has a zone for each instance, and two instances in two", async (stage) => {
    const { data } = await templatesOf({ stage });

    const zones = Object.values(data.findResources("AWS::RDS::DBInstance")).map(
      ({ Properties }) => Properties.AvailabilityZone,
    );

    const inOrder = [0, 1].map((i) => ({ "Fn::Select": [i, { "Fn::GetAZs": "" }] }));
    expect(zones).toEqual(inOrder.slice(0, stage === "production" ? 2 : 1));
    expect(zones[0]).toEqual(
      Object.values(data.findResources("AWS::EC2::Subnet"))[0]?.Properties.AvailabilityZone,
    );
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
});

/** Of a small stage: what its own resource says of the database on dev's cluster. */
const made = (attribute: string) => ({ "Fn::GetAtt": ["StageDatabase", attribute] });

describe("a small stage", () => {
  test.each(SMALL)(
    "has a database on dev's cluster, which dev's provider makes and drops: %s",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const cluster = parameterOf(app, "/notejam/dev/cluster-arn");

      expect(app.findResources("Custom::StageDatabase")).toEqual({
        StageDatabase: {
          Type: "Custom::StageDatabase",
          Properties: {
            ServiceToken: {
              "Fn::Join": [
                "",
                [
                  "arn:",
                  { Ref: "AWS::Partition" },
                  ":lambda:eu-west-1:111122223333:function:notejam-stage-database",
                ],
              ],
            },
            ServiceTimeout: "1200",
            // Nothing here names a stage: the provider reads it from the stack's id. A new cluster is asked for a database anew.
            Again: { Ref: cluster },
          },
          DeletionPolicy: "Delete",
          UpdateReplacePolicy: "Delete",
        },
      });
      for (const id of ["ApiHandler", "Mail", "Migrate"]) {
        expect(the(app, "AWS::Lambda::Function", id).properties.Environment.Variables, id).toMatchObject({
          NOTEJAM_DATABASE_ARN: { Ref: cluster },
          NOTEJAM_DATABASE_NAME: made("DatabaseName"),
          NOTEJAM_DATABASE_SECRET_ARN: made("SecretArn"),
        });
      }
    },
  );

  test.each(SMALL)(
    "has one stack, three functions of ours, and nothing that costs when nobody is there: %s",
    async (stage) => {
      const { stacks, app } = await templatesOf({ stage });
      const ours = Object.values(app.findResources("AWS::Lambda::Function")).filter(
        ({ Properties }) => Properties.Environment?.Variables.NOTEJAM_STAGE === stage,
      );
      const costly = [
        "RDS",
        "EC2",
        "KMS",
        "SecretsManager",
        "CloudWatch",
        "Events",
        "Scheduler",
        "SQS",
        "SNS",
        "Backup",
      ];

      expect(Object.keys(stacks)).toEqual(["app"]);
      expect(ours).toHaveLength(3);
      app.resourceCountIs("AWS::IAM::Role", stage === "ana" ? 5 : 7);
      expect(
        Object.values(idsOf(app)).filter((type) => costly.some((one) => type.startsWith(`AWS::${one}::`))),
      ).toEqual([]);
    },
  );

  test("of a person has no site: it is looked at from a laptop, and its deployment says so", async () => {
    const { app } = await templatesOf({ stage: "ana" });

    expect(
      Object.values(idsOf(app)).filter((type) => /CloudFront|S3|CDKBucketDeployment/.test(type)),
    ).toEqual([]);
    app.hasOutput("Site", { Value: "none: npm run dev:aws -- --stage ana serves the web app" });
    expect(app.toJSON().Outputs).not.toHaveProperty("SiteOrigin");
  });

  test.each(SMALL)("is migrated as its one role, which takes on the owner's: %s", async (stage) => {
    const { app } = await templatesOf({ stage });
    const variables = (id: string) => the(app, "AWS::Lambda::Function", id).properties.Environment.Variables;
    const cluster = { Ref: parameterOf(app, "/notejam/dev/cluster-arn") };
    const transactions = ["Begin", "Commit", "Rollback"].map((what) => `rds-data:${what}Transaction`);

    expect(variables("Migrate")).toMatchObject({ NOTEJAM_DATABASE_OWNER_ROLE: made("OwnerRole") });
    // Its role and password are the provider's.
    expect(variables("Migrate")).not.toHaveProperty("NOTEJAM_APPLICATION_SECRET_ARN");
    for (const id of ["ApiHandler", "Mail"]) {
      expect(variables(id)).not.toHaveProperty("NOTEJAM_DATABASE_OWNER_ROLE");
    }
    expect(permissionsOf(app, "Migrate")).toEqual([
      { Action: ["rds-data:ExecuteStatement", ...transactions], Resource: JSON.stringify(cluster) },
      { Action: "secretsmanager:GetSecretValue", Resource: JSON.stringify(made("SecretArn")) },
    ]);
  });

  test.each(SMALL)(
    "may read no secret but its own, and reaches the cluster with no other: %s",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const statements = ["ApiHandler", "Mail", "Migrate"].flatMap((id) => permissionsOf(app, id));
      const secrets = statements.filter(({ Action }) => JSON.stringify(Action).includes("secretsmanager:"));

      expect(secrets).toHaveLength(3);
      for (const one of secrets) expect(one.Resource).toBe(JSON.stringify(made("SecretArn")));
    },
  );

  test("is migrated again where its database was made again: on another cluster, with another secret, or by hand", async () => {
    const { app } = await templatesOf({ stage: "ana", environment: { NOTEJAM_DATABASE_AGAIN: "second" } });
    const cluster = { Ref: parameterOf(app, "/notejam/dev/cluster-arn") };
    const [script] = Object.values(app.findResources("Custom::SSTScript"));

    expect(app.findResources("Custom::StageDatabase").StageDatabase?.Properties.Again).toEqual({
      "Fn::Join": ["", [cluster, " second"]],
    });
    expect(script?.Properties.Version["Fn::Join"][1].slice(1)).toEqual([
      made("SecretArn"),
      " ",
      cluster,
      " second",
    ]);
  });

  test.each(SMALL)("loses its database after its functions, and leaves nothing behind: %s", async (stage) => {
    const { app } = await templatesOf({ stage });
    const { Resources } = app.toJSON() as { Resources: Record<string, Policies> };
    const left = Object.entries(Resources).filter(
      ([, { DeletionPolicy = "Delete" }]) => DeletionPolicy !== "Delete",
    );

    expect(left).toEqual([]);
    // CloudFormation deletes what refers to it before it.
    for (const id of ["ApiHandler", "Mail", "Migrate"]) {
      expect(JSON.stringify(the(app, "AWS::Lambda::Function", id).properties)).toContain(
        '"Fn::GetAtt":["StageDatabase",',
      );
    }
  });

  test("of a pull request has a site with a bucket of its own, which no other distribution reads", async () => {
    const { app } = await templatesOf({ stage: "pr-12" });
    const site = the(app, "AWS::CloudFront::Distribution", "Site");
    const { DistributionConfig: config } = site.properties;
    const shared = (name: string) => ({ Ref: parameterOf(app, `/notejam/dev/${name}`) });
    const association = { EventType: "viewer-request", FunctionARN: shared("viewer-request-arn") };

    expect(Object.values(idsOf(app)).filter((type) => type.startsWith("AWS::CloudFront::"))).toEqual([
      "AWS::CloudFront::Distribution",
    ]);
    expect(config.Origins[0]).toMatchObject({
      DomainName: { "Fn::GetAtt": [the(app, "AWS::S3::Bucket", "Web").logicalId, "RegionalDomainName"] },
      OriginAccessControlId: shared("web-access-id"),
    });
    for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors]) {
      expect(behavior.FunctionAssociations).toEqual([association]);
    }
    expect(config.DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual(shared("headers-policy-id"));
    const { Statement: statements } = the(app, "AWS::S3::BucketPolicy", "WebPolicy").properties
      .PolicyDocument;
    const readers = statements.filter((one: { Principal: object }) => "Service" in one.Principal);
    expect(readers).toHaveLength(1);
    expect(JSON.stringify(readers[0].Condition)).toBe(
      JSON.stringify({
        StringEquals: {
          "AWS:SourceArn": {
            "Fn::Join": [
              "",
              [
                "arn:",
                { Ref: "AWS::Partition" },
                ":cloudfront::",
                { Ref: "AWS::AccountId" },
                ":distribution/",
                { Ref: site.logicalId },
              ],
            ],
          },
        },
      }),
    );
  });

  test.each(SMALL)("has no secret but the database's, which holds the origin's too: %s", async (stage) => {
    const { app } = await templatesOf({ stage });
    const reference = {
      "Fn::Join": ["", ["{{resolve:secretsmanager:", made("SecretArn"), ":SecretString:originSecret::}}"]],
    };

    const { Variables } = the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment;
    expect(Variables[ENV.originSecret]).toEqual(reference);
    for (const { Properties } of Object.values(app.findResources("AWS::CloudFront::Distribution"))) {
      expect(Properties.DistributionConfig.Origins[1].OriginCustomHeaders).toEqual([
        { HeaderName: ORIGIN_SECRET_HEADER, HeaderValue: reference },
      ]);
    }
  });
});

describe("what dev shares", () => {
  test("is the provider of databases, by a name that never changes, whose function alone it invokes", async () => {
    const { app } = await templatesOf({ stage: "dev" });
    const handler = the(app, "AWS::Lambda::Function", "StageDatabase");
    const provider = the(app, "AWS::Lambda::Function", "StageDatabaseProviderframeworkonEvent");
    const arn = { "Fn::GetAtt": [handler.logicalId, "Arn"] };

    expect(provider.properties).toMatchObject({
      FunctionName: "notejam-stage-database",
      Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: arn } },
    });
    expect(permissionsOf(app, "StageDatabaseProviderframeworkonEvent")).toEqual([
      { Action: "lambda:InvokeFunction", Resource: JSON.stringify([arn, { "Fn::Join": ["", [arn, ":*"]] }]) },
      { Action: "lambda:GetFunction", Resource: JSON.stringify(arn) },
    ]);
    app.hasOutput("StageDatabaseProvider", { Value: "notejam-stage-database" });
  });

  test("is its cluster and the parts of its distribution, as parameters", async () => {
    const { app } = await templatesOf({ stage: "dev" });
    const parameters = Object.values(app.findResources("AWS::SSM::Parameter"))
      .map(({ Properties }) => [Properties.Name as string, Properties.Value] as const)
      .filter(([name]) => /^\/notejam\/dev\/(?!release$|migrated$)/.test(name));
    const idOf = (kind: string, id: string) => the(app, `AWS::CloudFront::${kind}`, id).logicalId;

    expect(Object.fromEntries(parameters)).toEqual({
      "/notejam/dev/cluster-arn": the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment
        .Variables.NOTEJAM_DATABASE_ARN,
      "/notejam/dev/web-access-id": { "Fn::GetAtt": [idOf("OriginAccessControl", "WebAccess"), "Id"] },
      "/notejam/dev/viewer-request-arn": { "Fn::GetAtt": [idOf("Function", "ViewerRequest"), "FunctionARN"] },
      "/notejam/dev/headers-policy-id": { Ref: idOf("ResponseHeadersPolicy", "WebHeaders") },
    });
  });

  test.each(ALL.filter((stage) => stage !== "dev"))("is dev's alone: not %s", async (stage) => {
    const { app } = await templatesOf({ stage });

    expect(JSON.stringify(app.findResources("AWS::SSM::Parameter"))).not.toContain("/notejam/dev/");
    expect(Object.keys(idsOf(app)).filter((id) => /^StageDatabase./.test(id))).toEqual([]);
  });
});

describe("what is final", () => {
  // Another id is another resource: CloudFormation makes an empty one, and takes the old one away or leaves it behind.
  // These never change; the effect of an upgrade or of a move to another file shows here.
  const FINAL = {
    data: {
      Network1C6012B5: "AWS::EC2::VPC",
      NetworkDatabaseSubnet1Subnet47DBAEC1: "AWS::EC2::Subnet",
      NetworkDatabaseSubnet2SubnetE91D74CD: "AWS::EC2::Subnet",
      DatabaseSubnets56F17B9A: "AWS::RDS::DBSubnetGroup",
      DatabaseSecurityGroup7319C0F6: "AWS::EC2::SecurityGroup",
      DatabaseKey7576F140: "AWS::KMS::Key",
      DatabaseParameters4609B2CF: "AWS::RDS::DBClusterParameterGroup",
      DatabaseB269D8BB: "AWS::RDS::DBCluster",
      DatabaseWriter7794273E: "AWS::RDS::DBInstance",
    },
    app: { SiteE53D7754: "AWS::CloudFront::Distribution" },
    // The provider and the parameters have names, which the resources of other ids could not take.
    dev: {
      StageDatabaseF44CCD56: "AWS::Lambda::Function",
      StageDatabaseProviderframeworkonEvent3ABFE803: "AWS::Lambda::Function",
      SharedClusterArn23C44973: "AWS::SSM::Parameter",
      SharedWebAccessId587A62C3: "AWS::SSM::Parameter",
      SharedViewerRequestArnA918FF70: "AWS::SSM::Parameter",
      SharedHeadersPolicyId14397F1A: "AWS::SSM::Parameter",
      // Previews use them, so they can't be deleted for others.
      WebAccessE9F49D95: "AWS::CloudFront::OriginAccessControl",
      ViewerRequest2C5B6A1E: "AWS::CloudFront::Function",
      WebHeaders0A3D4ED8: "AWS::CloudFront::ResponseHeadersPolicy",
    },
    small: { StageDatabase: "Custom::StageDatabase" },
  };

  test.each(FIXED)("keeps its ids in %s", async (stage) => {
    const { data, app } = await templatesOf({ stage });

    expect(idsOf(data)).toMatchObject(FINAL.data);
    expect(idsOf(app)).toMatchObject({ ...FINAL.app, ...(stage === "dev" && FINAL.dev) });
  });

  test.each(SMALL)("keeps its ids in %s: another id would be a new, empty database", async (stage) => {
    const { app } = await templatesOf({ stage });

    expect(idsOf(app)).toMatchObject({ ...FINAL.small, ...(stage === "pr-12" && FINAL.app) });
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

describe("a function of ours", () => {
  const SST = ["AWS_NODEJS_CONNECTION_REUSE_ENABLED", "SST_APP", "SST_SSM_PREFIX", "SST_STAGE"];
  const LIMITS = [
    ENV.attemptsPerAccountAndAddress,
    ENV.attemptsPerAccount,
    ENV.attemptsPerAddress,
    ENV.notesPerAccount,
    ENV.textMegabytesPerAccount,
  ];
  const EVERY = FUNCTION_NAMES.map((name) => ({ name, entry: FUNCTIONS[name] }));
  /** The stages that have a function. */
  const stagesWith = (name: string) => {
    if (name === "stageDatabase") return ["dev"];
    return ["api", "mail", "migrate"].includes(name) ? ALL : FIXED;
  };
  /** What the migrate function is told of where the owner has a secret, and where it has none. */
  const UNTOLD: Record<string, string> = {
    cluster: "NOTEJAM_DATABASE_OWNER_ROLE",
    shared: "NOTEJAM_APPLICATION_SECRET_ARN",
  };

  test.each(EVERY)(
    "has the memory, the time and the environment that the registry says: $name",
    async ({ name, entry }) => {
      for (const stage of stagesWith(name)) {
        const { app } = await templatesOf({ stage });

        const { properties } = the(app, "AWS::Lambda::Function", entry.id);

        expect(properties).toMatchObject({
          Architectures: ["arm64"],
          MemorySize: entry.memoryMegabytes,
          Timeout: entry.timeoutSeconds,
        });
        const { Variables } = properties.Environment;
        const untold = [...LIMITS, UNTOLD[FIXED.includes(stage) ? "cluster" : "shared"]];
        const told = variablesOf(entry).map((variable) => ENV[variable]);
        expect(Object.keys(Variables).sort()).toEqual(
          [...SST, ...told.filter((variable) => !untold.includes(variable))].sort(),
        );
        expect(Variables[ENV.stage]).toBe(stage);
        expect(Variables[ENV.databaseWaitSeconds]).toBe(String(entry.databaseWaitSeconds));
      }
    },
  );

  test.each(EVERY)("keeps its log lines as long as README.md says: $name", async ({ name, entry }) => {
    for (const stage of stagesWith(name)) {
      const { app } = await templatesOf({ stage });

      const { Ref } = the(app, "AWS::Lambda::Function", entry.id).properties.LoggingConfig.LogGroup;

      expect(the(app, "AWS::Logs::LogGroup", `${entry.id}Log`).logicalId).toBe(Ref);
      expect(app.findResources("AWS::Logs::LogGroup")[Ref]?.Properties.RetentionInDays).toBe(
        expected(stage).logDays,
      );
    }
  });

  test("is told the limits of attempts that are set where it is deployed", async () => {
    const environment = { [ENV.attemptsPerAccount]: "7" };
    const { app } = await templatesOf({ stage: "production", environment });
    const told = (id: string) => the(app, "AWS::Lambda::Function", id).properties.Environment.Variables;

    expect(told("ApiHandler")).toMatchObject(environment);
    expect(told("ApiHandler")).not.toHaveProperty(ENV.attemptsPerAddress);
    expect(told("Mail")).not.toHaveProperty(ENV.attemptsPerAccount);
  });

  test("ends before whoever waits for it does: API Gateway after 30 seconds, the script of the migrations after 15 minutes", async () => {
    const { app } = await templatesOf({ stage: "production" });

    expect(the(app, "AWS::Lambda::Function", "ApiHandler").properties.Timeout).toBeLessThan(30);
    expect(the(app, "AWS::Lambda::Function", "Migrate").properties.Timeout).toBeLessThan(15 * 60);
  });

  test.each(EVERY)("may do what the registry says, and no more: $name", async ({ name, entry }) => {
    const { app } = await templatesOf({ stage: name === "stageDatabase" ? "dev" : "production" });
    const cluster = expect.stringMatching(/:rds:eu-west-1:111122223333:cluster:.*Database/);
    const later = entry.trigger === "invoked" || typeof entry.trigger === "object";
    const deadLetter = {
      Action: ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
      Resource: expect.stringMatching(/DeadLetters/),
    };
    const transactions = ["Begin", "Commit", "Rollback"].map((what) => `rds-data:${what}Transaction`);
    const database = {
      Action: entry.permissions.includes("transactions")
        ? ["rds-data:ExecuteStatement", ...transactions]
        : "rds-data:ExecuteStatement",
      Resource: cluster,
    };
    const secret = {
      Action: "secretsmanager:GetSecretValue",
      // Of migrations, both: that of the owner of the tables, and that of the application, whose password they set.
      Resource: expect.stringMatching(
        {
          migrate: /^\[.*MasterUserSecret.*ApplicationSecret.*\]$/,
          stageDatabase: /^\{[^[\]]*MasterUserSecret[^[\]]*\}$/,
        }[name as string] ?? /^\{[^[\]]*:ExportsOutputRefApplicationSecret[^[\]]*\}$/,
      ),
    };
    const ofSecrets = ["CreateSecret", "GetSecretValue", "PutSecretValue", "RestoreSecret", "DeleteSecret"];
    const stages = [
      {
        Action: ofSecrets.map((one) => `secretsmanager:${one}`),
        Resource: expect.stringMatching(/":secretsmanager:eu-west-1:111122223333:secret:notejam\/stage\/\*"/),
      },
      {
        Action: "cloudformation:DescribeStacks",
        Resource: expect.stringMatching(/":cloudformation:eu-west-1:111122223333:stack\/\*-notejam-app\/\*"/),
      },
    ];
    const mail = {
      Action: "ses:SendEmail",
      Resource: expect.stringMatching(
        /:ses:eu-west-1:111122223333:identity\/\*.*:ses:eu-west-1:111122223333:configuration-set\/\*/,
      ),
      Condition: { StringEquals: { "ses:FromAddress": "notejam@example.com" } },
    };
    const invoking = invokedBy(entry).map(({ invoke }) => {
      const { logicalId } = the(app, "AWS::Lambda::Function", FUNCTIONS[invoke].id);
      const Resource = expect.stringMatching(new RegExp(`^\\[.*"${logicalId}".*\\]$`));
      return { Action: "lambda:InvokeFunction", Resource };
    });

    expect(permissionsOf(app, entry.id)).toEqual([
      ...(later ? [deadLetter] : []),
      database,
      secret,
      ...(entry.permissions.includes("mail") ? [mail] : []),
      ...(name === "stageDatabase" ? stages : []),
      ...invoking,
    ]);
  });

  test("of the registry asks for no more than these: the API one other function, mail to be sent, migrations transactions and a password, the provider the secrets of stages", () => {
    const asked = EVERY.flatMap(({ name, entry }) =>
      entry.permissions.map((one) => `${name} ${typeof one === "object" ? one.invoke : one}`),
    );

    expect(asked).toEqual([
      "api mail",
      "mail mail",
      "migrate transactions",
      "migrate applicationSecret",
      "stageDatabase transactions",
      "stageDatabase stageSecrets",
      "stageDatabase stageStacks",
    ]);
  });

  test.each(ALL)("runs by the clock in a fixed stage, and nowhere else: %s", async (stage) => {
    const { app } = await templatesOf({ stage });
    const scheduled = EVERY.filter(({ entry }) => typeof entry.trigger === "object");

    app.resourceCountIs("AWS::Events::Rule", FIXED.includes(stage) ? scheduled.length : 0);
    if (!FIXED.includes(stage)) return;
    for (const { entry } of scheduled) {
      const { properties } = the(app, "AWS::Events::Rule", `${entry.id}Schedule`);
      const { logicalId } = the(app, "AWS::Lambda::Function", entry.id);
      const hours = (entry.trigger as { everyHours: number }).everyHours;
      expect(properties).toMatchObject({
        ScheduleExpression: rateOf(hours),
        State: "ENABLED",
        Targets: [{ Arn: { "Fn::GetAtt": [logicalId, "Arn"] } }],
      });
      // Without the permission, EventBridge is refused and nothing says so.
      app.hasResourceProperties("AWS::Lambda::Permission", {
        Principal: "events.amazonaws.com",
        FunctionName: { "Fn::GetAtt": [logicalId, "Arn"] },
      });
    }
  });

  test.each(FIXED)(
    "reads the password of the master user in %s only if it migrates, or makes the databases of stages",
    async (stage) => {
      const { data, app } = await templatesOf({ stage });
      const readers = [data, app].flatMap((template) =>
        Object.entries(template.findResources("AWS::IAM::Policy")).flatMap(([id, { Properties }]) =>
          JSON.stringify(Properties.PolicyDocument).includes("MasterUserSecret") ? [id] : [],
        ),
      );

      const expectedReaders = ["Migrate", ...(stage === "dev" ? ["StageDatabase"] : [])].map(
        (id) => the(app, "AWS::IAM::Policy", `${id}ServiceRoleDefaultPolicy`).logicalId,
      );
      expect(readers.sort()).toEqual(expectedReaders);
      for (const template of [data, app]) {
        template.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
        for (const { Properties } of Object.values(template.findResources("AWS::IAM::Role"))) {
          expect(JSON.stringify(Properties.Policies ?? [])).not.toContain("MasterUserSecret");
        }
      }
    },
  );

  test("that runs new code waits for the migrations, which run where they have changed", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const [script] = Object.entries(app.findResources("Custom::SSTScript"));

    for (const { name, entry } of EVERY) {
      if (name === "migrate" || !stagesWith(name).includes("production")) continue;
      const { id } = entry;
      expect(the(app, "AWS::Lambda::Function", id).DependsOn).toContain(script?.[0]);
    }
    expect(script?.[1].Properties).toMatchObject({
      UserCreateFunction: { Ref: the(app, "AWS::Lambda::Function", "Migrate").logicalId },
      UserUpdateFunction: { Ref: the(app, "AWS::Lambda::Function", "Migrate").logicalId },
      // Of the migrations, and of the secret whose password they set.
      Version: {
        "Fn::Join": [
          "",
          [
            `${hashOfFolder("packages/core/migrations")} `,
            { "Fn::ImportValue": expect.stringMatching(/:ExportsOutputRefApplicationSecret/) },
          ],
        ],
      },
    });
  });
});

describe("the site", () => {
  test.each(WITH_SITE)(
    "of %s is one domain: the web app, and below /api/ the API, never from a cache",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;

      expect(site.CacheBehaviors).toEqual([
        expect.objectContaining({
          PathPattern: "/api/*",
          AllowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
          ViewerProtocolPolicy: "https-only",
          CachePolicyId: CachePolicy.CACHING_DISABLED.cachePolicyId,
          OriginRequestPolicyId: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.originRequestPolicyId,
          TargetOriginId: site.Origins[1].Id,
        }),
      ]);
      expect(JSON.stringify(site.Origins[1].DomainName)).toContain('"ApiEndpoint"');
      expect(site.Origins[1].CustomOriginConfig.OriginProtocolPolicy).toBe("https-only");
      expect(site.DefaultCacheBehavior).toMatchObject({
        ViewerProtocolPolicy: "redirect-to-https",
        CachePolicyId: CachePolicy.CACHING_OPTIMIZED.cachePolicyId,
        TargetOriginId: site.Origins[0].Id,
      });
    },
  );

  test.each(ALL)(
    "of %s has an API that answers every path itself, and no other site's pages",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const routes = Object.values(app.findResources("AWS::ApiGatewayV2::Route"));

      expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual(["$default"]);
      expect(the(app, "AWS::ApiGatewayV2::Api", "Api").properties).not.toHaveProperty("CorsConfiguration");
    },
  );

  test.each(WITH_SITE)("of %s keeps no error, and hides none behind a page", async (stage) => {
    const { app } = await templatesOf({ stage });

    for (const { Properties } of Object.values(app.findResources("AWS::CloudFront::Distribution"))) {
      expect(Properties.DistributionConfig.CustomErrorResponses).toEqual(
        [500, 502, 503, 504].map((status) => ({ ErrorCode: status, ErrorCachingMinTTL: 0 })),
      );
    }
  });

  test("proves itself to the API by a secret that no template holds", async () => {
    const environment = { [ENV.originSecret]: "of-the-shell" };
    const { app } = await templatesOf({ stage: "production", environment });
    const secret = the(app, "AWS::SecretsManager::Secret", "OriginSecret");
    const reference = {
      "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: secret.logicalId }, ":SecretString:::}}"]],
    };

    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    const { Variables } = the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment;

    expect(secret.properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(32);
    expect(site.Origins[1].OriginCustomHeaders).toEqual([
      { HeaderName: ORIGIN_SECRET_HEADER, HeaderValue: reference },
    ]);
    expect(Variables[ENV.originSecret]).toEqual(reference);
    expect(JSON.stringify(app.toJSON())).not.toContain("of-the-shell");
  });

  test.each(FIXED)("of %s sends the headers that the local gateway sends, and HSTS", async (stage) => {
    const { app } = await templatesOf({ stage });
    const policy = the(app, "AWS::CloudFront::ResponseHeadersPolicy", "WebHeaders");
    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    const { SecurityHeadersConfig: own, CustomHeadersConfig: custom } =
      policy.properties.ResponseHeadersPolicyConfig;

    const sent = {
      "content-security-policy": own.ContentSecurityPolicy.ContentSecurityPolicy,
      "x-content-type-options": own.ContentTypeOptions && "nosniff",
      "referrer-policy": own.ReferrerPolicy.ReferrerPolicy,
      "strict-transport-security": `max-age=${own.StrictTransportSecurity.AccessControlMaxAgeSec}`,
      ...Object.fromEntries(custom.Items.map((item: Record<string, string>) => [item.Header, item.Value])),
    };

    expect(sent).toEqual({ ...WEB_HEADERS, ...HTTPS_HEADERS });
    expect(site.DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual({ Ref: policy.logicalId });
  });

  test("has names that tell stages and regions apart, since CloudFront's are global", async () => {
    const stage = "a".repeat(30);
    const snapshot = "before-the-longest-name";
    account.snapshots[snapshot] = RESTORABLE;
    const environment = { NOTEJAM_RESTORE_FROM: snapshot };
    const { app } = await templatesOf({ stage: "staging" });
    const { app: longest } = await templatesOf({ stage, region: "ap-southeast-2", environment });
    const names = (template: Template) => [
      the(template, "AWS::CloudFront::Function", "ViewerRequest").properties.Name,
      the(template, "AWS::CloudFront::OriginAccessControl", "WebAccess").properties.OriginAccessControlConfig
        .Name,
    ];
    const headers = the(app, "AWS::CloudFront::ResponseHeadersPolicy", "WebHeaders");

    expect([...names(app), headers.properties.ResponseHeadersPolicyConfig.Name]).toEqual(
      Array(3).fill("notejam-staging-eu-west-1"),
    );
    for (const name of names(longest)) {
      expect(name).toBe(`notejam-${stage}-ap-southeast-2`);
      expect(name.length).toBeLessThanOrEqual(64);
    }
  });

  test("of production has its own domain, with encryption of today, and its addresses in DNS", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const site = the(app, "AWS::CloudFront::Distribution", "Site");

    expect(site.properties.DistributionConfig).toMatchObject({
      Aliases: ["notes.example.com"],
      ViewerCertificate: {
        AcmCertificateArn: expect.stringMatching(/^arn:aws:acm:us-east-1:/),
        MinimumProtocolVersion: "TLSv1.2_2021",
        SslSupportMethod: "sni-only",
      },
    });
    const records = Object.values(app.findResources("AWS::Route53::RecordSet")).map(
      ({ Properties }) => Properties,
    );
    expect(records.map(({ Type }) => Type)).toEqual(["A", "AAAA"]);
    // They may lead to another region when this stack is removed.
    app.allResources("AWS::Route53::RecordSet", { DeletionPolicy: "Retain" });
    for (const { Name, HostedZoneId, AliasTarget } of records) {
      expect([Name, HostedZoneId]).toEqual(["notes.example.com", "Z0123456789ABC"]);
      expect(AliasTarget.DNSName).toEqual({ "Fn::GetAtt": [site.logicalId, "DomainName"] });
    }
    app.hasOutput("SiteOrigin", { Value: "https://notes.example.com" });
  });

  test("whose domain is still another region's has the certificate for it, and takes nothing away", async () => {
    const { app } = await templatesOf({
      stage: "production",
      environment: { NOTEJAM_DOMAIN_MOVES: "later" },
    });
    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;

    expect(site).not.toHaveProperty("Aliases");
    expect(site.ViewerCertificate.AcmCertificateArn).toMatch(/:certificate\//);
    app.resourceCountIs("AWS::Route53::RecordSet", 0);
  });

  test("whose domain was handed over keeps it, and leaves its addresses to who wrote them", async () => {
    const { app } = await templatesOf({
      stage: "production",
      environment: { NOTEJAM_DOMAIN_MOVES: "done" },
    });

    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    expect(site.Aliases).toEqual(["notes.example.com"]);
    app.resourceCountIs("AWS::Route53::RecordSet", 0);
  });

  test.each(WITH_SITE.slice(1))("of %s has CloudFront's name, if it is told of no other", async (stage) => {
    const { app } = await templatesOf({ stage });

    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
    expect(site).not.toHaveProperty("Aliases");
    expect(JSON.stringify(app.toJSON().Outputs.SiteOrigin)).toContain("DomainName");
  });

  test("keeps its bucket to itself", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const bucket = the(app, "AWS::S3::Bucket", "Web");
    const { Statement: statements } = the(app, "AWS::S3::BucketPolicy", "WebPolicy").properties
      .PolicyDocument;

    expect(bucket.properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const allowed = statements.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: ["s3:GetObject", "s3:ListBucket"],
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": expect.anything() } },
      }),
    ]);
  });

  test.each(WITH_SITE)("of %s empties its bucket only where it may be removed", async (stage) => {
    const { app } = await templatesOf({ stage });

    app.resourceCountIs("Custom::S3AutoDeleteObjects", FIXED.includes(stage) ? 0 : 1);
  });

  test("gets its hashed files first, then the page once the API is new, and loses no file of an older version", async () => {
    const { app } = await templatesOf({ stage: "production" });
    const assets = the(app, "Custom::CDKBucketDeployment", "WebAssetsCustomResource512MiB");
    const page = the(app, "Custom::CDKBucketDeployment", "WebPageCustomResource512MiB");

    expect(assets.properties).toMatchObject({
      DestinationBucketKeyPrefix: "assets",
      Prune: false,
      SystemMetadata: { "cache-control": cacheControl("/assets/index.js") },
    });
    expect(page.properties).toMatchObject({
      Prune: false,
      SystemMetadata: { "cache-control": cacheControl("/index.html") },
    });
    expect(page.DependsOn).toContain(assets.logicalId);
    expect(page.DependsOn).toContain(the(app, "AWS::ApiGatewayV2::Route", "ApiRoutedefault").logicalId);
  });
});

describe("a fixed stage", () => {
  test.each(FIXED)(
    "is watched by the names of its own API, function, log and database: %s",
    async (stage) => {
      const { app } = await templatesOf({ stage });
      const ids = idsOf(app);
      const idOf = (type: string, of: RegExp) =>
        Object.keys(ids).find((id) => ids[id] === type && of.test(id));
      const watched = JSON.stringify([
        app.findResources("AWS::CloudWatch::Alarm"),
        app.findResources("AWS::CloudWatch::Dashboard"),
      ]);
      const named = [...watched.matchAll(/"Name":"(\w+)","Value":(\{[^}]*\}|"[^"]*")/g)].map(
        ([, name, value]) => `${name} ${value}`,
      );

      expect(named).toContain(`ApiId {"Ref":"${idOf("AWS::ApiGatewayV2::Api", /^Api/)}"}`);
      for (const id of ["ApiHandler", "Migrate"]) {
        expect(named).toContain(`FunctionName {"Ref":"${the(app, "AWS::Lambda::Function", id).logicalId}"}`);
      }
      expect(watched).toContain('"Name":"DBClusterIdentifier","Value":{"Fn::ImportValue"');
      expect(named).toContain(`stage "${stage}"`);
      expect(watched).toContain(the(app, "AWS::Logs::LogGroup", "ApiHandlerLog").logicalId);
    },
  );

  test.each(SMALL)("alone is: not %s", async (stage) => {
    const { app } = await templatesOf({ stage });

    for (const type of [
      "CloudWatch::Alarm",
      "CloudWatch::Dashboard",
      "SNS::Topic",
      "KinesisFirehose::DeliveryStream",
    ]) {
      app.resourceCountIs(`AWS::${type}`, 0);
    }
  });
});

describe("CloudFront's function", () => {
  interface EdgeRequest {
    uri: string;
    headers: Record<string, { value: string }>;
  }

  async function run(uri: string, headers: EdgeRequest["headers"] = {}): Promise<EdgeRequest> {
    const { app } = await templatesOf({ stage: "production" });
    const { FunctionCode } = the(app, "AWS::CloudFront::Function", "ViewerRequest").properties;
    const event = {
      viewer: { ip: "198.51.100.7" },
      request: { uri, headers: { host: { value: "notes.example.com" }, ...headers } },
    };
    return runInContext(`${FunctionCode}; handler(event)`, createContext({ event }));
  }

  test.each(["/", "/signin", "/notes/0b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11/edit", "/pads/", "/api", "//"])(
    "answers %s with the page",
    async (uri) => {
      expect((await run(uri)).uri).toBe("/index.html");
    },
  );

  test.each(["/assets/index-ChbbG-9x.js", "/favicon.svg", "/api/notes", "/api/", "/api/no/such/route"])(
    "leaves %s as it is",
    async (uri) => {
      expect((await run(uri)).uri).toBe(uri);
    },
  );

  test.each(["/api/session", "/", "/API/session", "/x/../api/session"])(
    "replaces the site's origin and the client's address that a client sends: %s",
    async (uri) => {
      const { headers } = await run(uri, {
        [SITE_ORIGIN_HEADER]: { value: "https://evil.example" },
        [CLIENT_ADDRESS_HEADER]: { value: "192.0.2.1" },
      });

      expect(headers[SITE_ORIGIN_HEADER]).toEqual({ value: "https://notes.example.com" });
      expect(headers[CLIENT_ADDRESS_HEADER]).toEqual({ value: "198.51.100.7" });
    },
  );
});

describe("a stage", () => {
  test("that is fixed needs a sender of mails, and says so", async () => {
    const made = templatesOf({ stage: "production", environment: { [ENV.mailFrom]: undefined } });

    await expect(made).rejects.toThrow(/^NOTEJAM_MAIL_FROM is not set: mails are sent from it/);
  });

  test("of a person can do without a sender, and may then send nothing", async () => {
    const { app } = await templatesOf({ stage: "ana", environment: { [ENV.mailFrom]: undefined } });

    const { Variables } = the(app, "AWS::Lambda::Function", "Mail").properties.Environment;

    expect(Variables).not.toHaveProperty(ENV.mailFrom);
    expect(JSON.stringify(app.toJSON())).not.toContain("ses:");
  });

  test("under `sst dev` has no distribution: the API believes the proxy that knows the secret of the shell", async () => {
    const { app } = await templatesOf({
      stage: "ana",
      mode: "dev",
      environment: { [ENV.originSecret]: "of-the-shell" },
    });

    const { Variables } = the(app, "AWS::Lambda::Function", "ApiHandler").properties.Environment;

    expect(Variables[ENV.originSecret]).toBe("of-the-shell");
    app.resourceCountIs("AWS::CloudFront::Distribution", 0);
    app.resourceCountIs("AWS::S3::Bucket", 0);
    app.hasOutput("ApiOrigin", {});
  });

  test("under `sst dev` is refused if the shell's secret is empty: its API would answer anyone", async () => {
    const templates = templatesOf({ stage: "ana", mode: "dev", environment: { [ENV.originSecret]: " " } });

    await expect(templates).rejects.toThrow(ENV.originSecret);
  });

  test.each(FIXED.flatMap((stage) => (["dev", "remove"] as const).map((mode) => ({ stage, mode }))))(
    "that is fixed is refused to `sst $mode`: $stage",
    async ({ stage, mode }) => {
      await expect(templatesOf({ stage, mode })).rejects.toThrow(stage);
    },
  );

  test("of a person is removed", async () => {
    const { stacks, app } = await templatesOf({ stage: "ana", mode: "remove" });

    expect(Object.keys(stacks)).toEqual(["app"]);
    expect(idsOf(app)).toMatchObject({
      ApiCD79AAA0: "AWS::ApiGatewayV2::Api",
      StageDatabase: "Custom::StageDatabase",
    });
  });
});
