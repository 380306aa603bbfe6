// What a person's stage and a preview have, and what dev has for them.
import { ENV } from "@notejam/core/config";
import { ORIGIN_SECRET_HEADER } from "@notejam/functions/distribution-headers";
import { describe, expect, test } from "vitest";
import { ALL, idsOf, type Policies, parameterOf, permissionsOf, SMALL, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

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
        "KinesisFirehose",
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
    expect(Variables[ENV.deviceKeys]).toEqual(reference);
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
