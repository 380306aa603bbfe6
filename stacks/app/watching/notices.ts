// Where alarms go: one topic a stage, encrypted, to which an address may be subscribed.
import type { Stack } from "aws-cdk-lib";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Stage } from "../../stage/stage.ts";

/**
 * @param email whose owner must confirm the subscription, by a link that SNS mails
 * @returns the action by which an alarm sends its notice
 */
export function notices(stack: Stack, stage: Stage, email: string | undefined): SnsAction {
  const ofThisAccount = {
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
  };
  // CloudWatch can't publish to a topic that is encrypted with SNS's own key: that key's policy can't be changed.
  const key = new Key(stack, "AlarmsKey", {
    description: `Notejam ${stage.name}: notices of alarms`,
    enableKeyRotation: true,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      ...ofThisAccount,
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      // In a key's policy, this is the key.
      resources: ["*"],
    }),
  );
  const topic = new Topic(stack, "Alarms", {
    displayName: `Notejam ${stage.name}`,
    masterKey: key,
    enforceSSL: true,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({ ...ofThisAccount, actions: ["sns:Publish"], resources: [topic.topicArn] }),
  );
  if (email) topic.addSubscription(new EmailSubscription(email));
  return new SnsAction(topic);
}
