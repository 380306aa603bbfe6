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
import { CachePolicy, OriginRequestPolicy, ResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import { describe, expect, test } from "vitest";
import { hashOfFolder } from "./app/migrations.ts";
import {
  ALL,
  expected,
  FIXED,
  idsOf,
  OTHER,
  type Policies,
  permissionsOf,
  the,
} from "./testing/resources.ts";
import { templatesOf } from "./testing/templates.ts";

/** As EventBridge writes it: in the largest unit that fits. */
function rateOf(hours: number): string {
  const [count, unit] = hours % 24 === 0 ? [hours / 24, "day"] : [hours, "hour"];
  return `rate(${count} ${unit}${count === 1 ? "" : "s"})`;
}

describe("the database", () => {
  test.each(ALL)(
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

  test.each(ALL)("of %s has a password that RDS makes and no template contains", async (stage) => {
    const { data } = await templatesOf({ stage });

    const { properties } = the(data, "AWS::RDS::DBCluster", "Database");

    expect(properties).toMatchObject({ MasterUsername: "notejam", ManageMasterUserPassword: true });
    expect(properties).not.toHaveProperty("MasterUserPassword");
  });

  test.each(ALL)("of %s lies in two zones, with no way in and no way out", async (stage) => {
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
    for (const stage of ALL) {
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

  test.each(OTHER)("of %s goes with its stage, and so does everything else", async (stage) => {
    const { data, app } = await templatesOf({ stage });

    for (const template of [data, app]) {
      const { Resources } = template.toJSON() as { Resources: Record<string, Policies> };
      const left = Object.entries(Resources).filter(
        ([, { DeletionPolicy = "Delete" }]) => DeletionPolicy !== "Delete",
      );
      expect(left).toEqual([]);
    }
  });

  test.each(ALL)("of %s has a zone for each instance, and two instances in two", async (stage) => {
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

  test.each(ALL)("of %s gets minor versions by itself, in a window", async (stage) => {
    const { data } = await templatesOf({ stage });

    for (const { Properties } of Object.values(data.findResources("AWS::RDS::DBInstance"))) {
      expect(Properties.AutoMinorVersionUpgrade).toBe(true);
      expect(Properties.PreferredMaintenanceWindow).toMatch(/^sun:\d\d:\d\d-(sun|mon):\d\d:\d\d$/);
    }
  });

  test.each(ALL)(
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

  test.each(ALL)("of %s has a role of the application, whose password AWS makes", async (stage) => {
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

  test.each([...FIXED.slice(1), ...OTHER])("of %s keeps its floor all day", async (stage) => {
    const environment = { NOTEJAM_BUSINESS_HOURS: "MON-FRI 7-19", NOTEJAM_TIME_ZONE: "UTC" };
    const { data } = await templatesOf({ stage, environment });

    data.resourceCountIs("AWS::Scheduler::Schedule", 0);
  });

  test.each(ALL)("of %s scales, pauses and can be recovered as README.md says", async (stage) => {
    const { data } = await templatesOf({ stage });
    const { recoveryDays, scaling } = expected(stage);

    const { properties } = the(data, "AWS::RDS::DBCluster", "Database");

    expect(properties.BackupRetentionPeriod).toBe(recoveryDays);
    expect(properties.ServerlessV2ScalingConfiguration).toEqual(scaling);
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
  };

  test.each(ALL)("keeps its ids in %s", async (stage) => {
    const { data, app } = await templatesOf({ stage });

    expect(idsOf(data)).toMatchObject(FINAL.data);
    expect(idsOf(app)).toMatchObject(FINAL.app);
  });

  test.each(ALL)("keeps what AWS can't change in place in %s", async (stage) => {
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
  const EVERY = FUNCTION_NAMES.filter((name) => FUNCTIONS[name].trigger !== "stages").map((name) => ({
    name,
    entry: FUNCTIONS[name],
  }));

  test.each(EVERY)("is built and told what the registry says: $name", async ({ entry }) => {
    for (const stage of ALL) {
      const { app } = await templatesOf({ stage });

      const { properties } = the(app, "AWS::Lambda::Function", entry.id);

      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Handler: `packages/functions/src/${entry.entry}.handler`,
        MemorySize: entry.memoryMegabytes,
        Timeout: entry.timeoutSeconds,
      });
      const { Variables } = properties.Environment;
      const told = variablesOf(entry).map((variable) => ENV[variable]);
      expect(Object.keys(Variables).sort()).toEqual(
        [...SST, ...told.filter((name) => !LIMITS.some((limit) => limit === name))].sort(),
      );
      expect(Variables[ENV.stage]).toBe(stage);
      expect(Variables[ENV.databaseWaitSeconds]).toBe(String(entry.databaseWaitSeconds));
    }
  });

  test.each(EVERY)("keeps its log lines as long as README.md says: $name", async ({ entry }) => {
    for (const stage of ALL) {
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
    const { app } = await templatesOf({ stage: "production" });
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
        name === "migrate"
          ? /^\[.*MasterUserSecret.*ApplicationSecret.*\]$/
          : /^\{[^[\]]*:ExportsOutputRefApplicationSecret[^[\]]*\}$/,
      ),
    };
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
      ...invoking,
    ]);
  });

  test("of the registry asks for no more than these: the API one other function, mail to be sent, migrations transactions and a password", () => {
    const asked = EVERY.flatMap(({ name, entry }) =>
      entry.permissions.map((one) => `${name} ${typeof one === "object" ? one.invoke : one}`),
    );

    expect(asked).toEqual(["api mail", "mail mail", "migrate transactions", "migrate applicationSecret"]);
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

  test.each(ALL)(
    "reads the password of the master user in %s only if it is the one that migrates",
    async (stage) => {
      const { data, app } = await templatesOf({ stage });
      const readers = [data, app].flatMap((template) =>
        Object.entries(template.findResources("AWS::IAM::Policy")).flatMap(([id, { Properties }]) =>
          JSON.stringify(Properties.PolicyDocument).includes("MasterUserSecret") ? [id] : [],
        ),
      );

      expect(readers).toEqual([the(app, "AWS::IAM::Policy", "MigrateServiceRoleDefaultPolicy").logicalId]);
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

    for (const { entry } of EVERY.filter((one) => one.name !== "migrate")) {
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
  test.each(ALL)(
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

  test.each(ALL)("of %s keeps no error, and hides none behind a page", async (stage) => {
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

  test.each(OTHER)("of %s shares AWS's own policies, since an account has room for few", async (stage) => {
    const { app } = await templatesOf({ stage });
    const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;

    for (const policy of ["ResponseHeadersPolicy", "CachePolicy", "OriginRequestPolicy"]) {
      app.resourceCountIs(`AWS::CloudFront::${policy}`, 0);
    }
    expect(site.DefaultCacheBehavior.ResponseHeadersPolicyId).toBe(
      ResponseHeadersPolicy.SECURITY_HEADERS.responseHeadersPolicyId,
    );
  });

  test("has names that tell stages and regions apart, since CloudFront's are global", async () => {
    const stage = "a".repeat(30);
    const { app } = await templatesOf({ stage: "staging" });
    const { app: longest } = await templatesOf({ stage, region: "ap-southeast-2" });
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

  test.each([...FIXED.slice(1), ...OTHER])(
    "of %s has CloudFront's name, if it is told of no other",
    async (stage) => {
      const { app } = await templatesOf({ stage });

      const { DistributionConfig: site } = the(app, "AWS::CloudFront::Distribution", "Site").properties;
      expect(site).not.toHaveProperty("Aliases");
      expect(JSON.stringify(app.toJSON().Outputs.SiteOrigin)).toContain("DomainName");
    },
  );

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

  test.each(ALL)("of %s empties its bucket only where it may be removed", async (stage) => {
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

  test.each(OTHER)("alone is: not %s", async (stage) => {
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
    const { data, app } = await templatesOf({ stage: "ana", mode: "remove" });

    expect(idsOf(data)).toHaveProperty("DatabaseB269D8BB");
    expect(idsOf(app)).toHaveProperty("ApiCD79AAA0");
  });
});
