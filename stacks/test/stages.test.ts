// What holds for a stage as a whole: who watches it, and what it may be told to do.
import { ENV } from "@notejam/core/config";
import { describe, expect, test } from "vitest";
import { FIXED, idsOf, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

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
});

describe("a stage", () => {
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
