import { describe, expect, test } from "vitest";
import { ALL, FIXED, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

const CANARY = ["production", "staging"];
const VERSION = /^ApiHandlerCurrentVersion/;

test.each(["production", "staging", "dev"])(
  "%s answers with the version behind the alias `live`",
  async (stage) => {
    const { app } = await templatesOf({ stage });
    const alias = the(app, "AWS::Lambda::Alias", "ApiLive");
    const { logicalId: handler } = the(app, "AWS::Lambda::Function", "ApiHandler");

    const [integration] = Object.values(app.findResources("AWS::ApiGatewayV2::Integration"));
    expect(alias.properties).toMatchObject({ Name: "live", FunctionName: { Ref: handler } });
    expect(alias.properties.FunctionVersion["Fn::GetAtt"][0]).toMatch(VERSION);
    expect(integration?.Properties.IntegrationUri).toEqual({ Ref: alias.logicalId });
    // API Gateway may invoke the alias, and not another version.
    app.hasResourceProperties("AWS::Lambda::Permission", {
      Principal: "apigateway.amazonaws.com",
      FunctionName: { Ref: alias.logicalId },
    });
  },
);

test.each(["ana", "pr-12"])("%s replaces its code in place", async (stage) => {
  const { app } = await templatesOf({ stage });

  app.resourceCountIs("AWS::Lambda::Alias", 0);
  app.resourceCountIs("AWS::Lambda::Version", 0);
});

test("under `sst dev` there are no versions: requests come to this computer", async () => {
  const { app } = await templatesOf({ stage: "ana", mode: "dev" });

  for (const type of ["Alias", "Version"]) app.resourceCountIs(`AWS::Lambda::${type}`, 0);
});

test.each(CANARY)(
  "%s gives new code a tenth of the requests for five minutes, and goes back on an alarm",
  async (stage) => {
    const { app } = await templatesOf({ stage });
    const group = the(app, "AWS::CodeDeploy::DeploymentGroup", "ApiRelease");
    const alarms = ["ReleaseFaults", "ReleaseErrors"].map(
      (id) => the(app, "AWS::CloudWatch::Alarm", id).logicalId,
    );

    expect(group.properties).toMatchObject({
      DeploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
      AlarmConfiguration: { Enabled: true, Alarms: alarms.map((Ref) => ({ Name: { Ref } })) },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: expect.arrayContaining(["DEPLOYMENT_STOP_ON_ALARM"]),
      },
    });
    expect(the(app, "AWS::Lambda::Alias", "ApiLive").UpdatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: expect.anything(),
        DeploymentGroupName: { Ref: group.logicalId },
      },
    });
  },
);

test.each(ALL.filter((stage) => !CANARY.includes(stage)))("%s has no canary", async (stage) => {
  const { app } = await templatesOf({ stage });

  app.resourceCountIs("AWS::CodeDeploy::DeploymentGroup", 0);
});

test.each(["production", "staging", "dev"])("the page of %s waits for the shift to end", async (stage) => {
  const { app } = await templatesOf({ stage });

  // CloudFormation has updated an alias when CodeDeploy has moved all requests.
  expect(the(app, "Custom::CDKBucketDeployment", "WebPageCustomResource512MiB").DependsOn).toContain(
    the(app, "AWS::Lambda::Alias", "ApiLive").logicalId,
  );
});

test("the alarms look at what API Gateway answers and at what the alias does, by the minute", async () => {
  const { app } = await templatesOf({ stage: "production" });
  const { logicalId: api } = the(app, "AWS::ApiGatewayV2::Api", "Api");
  const { logicalId: handler } = the(app, "AWS::Lambda::Function", "ApiHandler");

  const { properties: faults } = the(app, "AWS::CloudWatch::Alarm", "ReleaseFaults");
  const { properties: errors } = the(app, "AWS::CloudWatch::Alarm", "ReleaseErrors");

  expect(faults.Metrics[0].Expression).toContain("faults / requests > 0.01");
  // An HTTP API writes 5xx in lower case; SampleCount of Count is the number of requests.
  const ofApi = (Id: string, MetricName: string, Stat: string) =>
    expect.objectContaining({
      Id,
      MetricStat: {
        Metric: {
          Namespace: "AWS/ApiGateway",
          MetricName,
          Dimensions: [{ Name: "ApiId", Value: { Ref: api } }],
        },
        Period: 60,
        Stat,
      },
    });
  expect(faults.Metrics.slice(1)).toEqual([
    ofApi("faults", "5xx", "Sum"),
    ofApi("requests", "Count", "SampleCount"),
  ]);
  expect(errors).toMatchObject({
    Namespace: "AWS/Lambda",
    MetricName: "Errors",
    Dimensions: [
      { Name: "FunctionName", Value: { Ref: handler } },
      { Name: "Resource", Value: { "Fn::Join": ["", [{ Ref: handler }, ":live"]] } },
    ],
  });
  for (const { EvaluationPeriods, TreatMissingData } of [faults, errors]) {
    expect([EvaluationPeriods, TreatMissingData]).toEqual([1, "notBreaching"]);
  }
});

describe("what a deployment is told of itself", () => {
  const COMMIT = "6e7acb6f0d5c4b3a29181706f5e4d3c2b1a09f8e";
  const told = (more: Record<string, string>) =>
    templatesOf({ stage: "staging", environment: { NOTEJAM_RELEASE: COMMIT, ...more } });

  test("a commit is in the stage's record, and nowhere else: the same code is not released again", async () => {
    const { stacks } = await told({});
    const before = await templatesOf({ stage: "staging" });

    const { Commit, ...others } = (stacks.app as { Outputs?: Record<string, unknown> }).Outputs ?? {};
    expect(Commit).toMatchObject({ Value: COMMIT });
    const without = JSON.stringify({ ...stacks, app: { ...stacks.app, Outputs: others } });
    // The two parameters of the record.
    expect(without.split(COMMIT)).toHaveLength(3);
    expect(JSON.parse(without.replaceAll(COMMIT, "unknown"))).toEqual(before.stacks);
  });

  test("at once: all requests go to the new code, whatever alarms are on", async () => {
    const { app } = await told({ NOTEJAM_SHIFT: "at-once" });
    const { properties } = the(app, "AWS::CodeDeploy::DeploymentGroup", "ApiRelease");

    expect(properties).toMatchObject({
      DeploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce",
      AlarmConfiguration: { Enabled: false },
    });
  });
});

test.each(["production", "staging", "dev"])(
  "%s records a migration when it has run, and a release when everything else is deployed",
  async (stage) => {
    const { app } = await templatesOf({ stage });
    const { Resources } = app.toJSON() as { Resources: Record<string, { DependsOn?: string[] }> };
    const migrated = the(app, "AWS::SSM::Parameter", "Migrated");
    const released = the(app, "AWS::SSM::Parameter", "Released");

    expect(migrated.properties.Name).toBe(`/notejam/${stage}/migrated`);
    expect(migrated.DependsOn).toContain(the(app, "Custom::SSTScript", "MigrationsScriptResource").logicalId);
    expect(migrated.DependsOn).not.toContain(the(app, "AWS::Lambda::Alias", "ApiLive").logicalId);
    expect(released.properties.Name).toBe(`/notejam/${stage}/release`);
    // The retention of other functions' log lines is no part of a release.
    const others = Object.keys(Resources).filter((id) => !/^(Released|DeploymentLog)/.test(id));
    expect([...released.DependsOn].sort()).toEqual(others.sort());
  },
);

test.each(ALL.filter((stage) => !FIXED.includes(stage)))("%s records no release", async (stage) => {
  const { app } = await templatesOf({ stage });

  expect(JSON.stringify(app.toJSON())).not.toContain(`/notejam/${stage}/release`);
});

test("a version depends on its code alone", async () => {
  const versions = async (environment?: Record<string, string>) => {
    const { app } = await templatesOf({ stage: "staging", ...(environment && { environment }) });
    return Object.keys(app.findResources("AWS::Lambda::Version"));
  };

  expect(await versions({ NOTEJAM_NOTES_PER_ACCOUNT: "7" })).not.toEqual(await versions());
});
