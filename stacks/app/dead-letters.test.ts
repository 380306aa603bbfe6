import { FUNCTIONS } from "@notejam/functions/functions";
import { expect, test } from "vitest";
import { FIXED, SMALL, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

/** The functions whose callers don't wait. */
const LATER = Object.values(FUNCTIONS)
  .filter(({ trigger }) => trigger === "invoked" || typeof trigger === "object")
  .map(({ id }) => id);

test.each(FIXED)(
  "what failed each time in %s, mails and jobs, goes to a queue and stays for two weeks",
  async (stage) => {
    const { app } = await templatesOf({ stage });
    const queue = the(app, "AWS::SQS::Queue", "DeadLetters");
    const arn = { "Fn::GetAtt": [queue.logicalId, "Arn"] };

    expect(queue.properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
    for (const id of LATER) {
      app.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
        FunctionName: { Ref: the(app, "AWS::Lambda::Function", id).logicalId },
        DestinationConfig: { OnFailure: { Destination: arn } },
      });
    }
    // So does an event that EventBridge could not hand over.
    for (const { Properties } of Object.values(app.findResources("AWS::Events::Rule"))) {
      expect(Properties.Targets).toEqual([expect.objectContaining({ DeadLetterConfig: { Arn: arn } })]);
    }
  },
);

test.each(SMALL)("%s has none: nobody would look", async (stage) => {
  const { app } = await templatesOf({ stage });

  app.resourceCountIs("AWS::SQS::Queue", 0);
});
