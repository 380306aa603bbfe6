import { expect, test } from "vitest";
import { ALL, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

test("the stage that is told so makes the sender's identity: signed, and with a configuration set that counts bounces", async () => {
  const { app } = await templatesOf({ stage: "dev", environment: { NOTEJAM_MAIL_IDENTITY: "example.com" } });
  const set = the(app, "AWS::SES::ConfigurationSet", "MailConfiguration");
  const identity = the(app, "AWS::SES::EmailIdentity", "MailIdentity");

  expect(identity.properties).toMatchObject({
    EmailIdentity: "example.com",
    ConfigurationSetAttributes: { ConfigurationSetName: { Ref: set.logicalId } },
  });
  expect(set.properties.DeliveryOptions).toEqual({ TlsPolicy: "REQUIRE" });
  app.hasResourceProperties("AWS::SES::ConfigurationSetEventDestination", {
    ConfigurationSetName: { Ref: set.logicalId },
    EventDestination: {
      Enabled: true,
      MatchingEventTypes: ["send", "bounce", "complaint"],
      CloudWatchDestination: {
        DimensionConfigurations: [
          { DimensionName: "stage", DefaultDimensionValue: "dev", DimensionValueSource: "messageTag" },
        ],
      },
    },
  });
  // What DNS must have is printed at the end of the deployment.
  for (const n of [1, 2, 3]) {
    const token = (part: string) => ({ "Fn::GetAtt": [identity.logicalId, `DkimDNSToken${part}${n}`] });
    app.hasOutput(`MailRecord${n}`, {
      Value: { "Fn::Join": ["", [token("Name"), " CNAME ", token("Value")]] },
    });
  }
});

test.each(ALL)("%s shares the identity that another stage makes, unless it is told", async (stage) => {
  const { app } = await templatesOf({ stage });

  app.resourceCountIs("AWS::SES::EmailIdentity", 0);
});

test("bounces are watched in production, and elsewhere by the stage that makes the identity", async () => {
  const bounces = async (stage: string, environment: Record<string, string> = {}) => {
    const { app } = await templatesOf({ stage, environment });
    return Object.values(app.findResources("AWS::CloudWatch::Alarm")).filter(
      ({ Properties }) => Properties.MetricName === "Reputation.BounceRate",
    ).length;
  };

  expect(await bounces("production")).toBe(1);
  expect(await bounces("dev", { NOTEJAM_MAIL_IDENTITY: "example.com" })).toBe(1);
  expect(await bounces("staging")).toBe(0);
});
