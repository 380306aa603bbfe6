// Mails: the permission to send from the stage's sender, and the sender's identity in SES, which one stage of an account and
// region makes.
import { CfnOutput } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  CloudWatchDimensionSource,
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from "aws-cdk-lib/aws-ses";
import type { Stack } from "sst/constructs";
import type { Stage } from "../stage/stage.ts";

/**
 * Permission to send from one address. It covers any identity, because SES's sandbox checks the recipients' identities too,
 * and the configuration set of an identity that another stage made.
 */
export function maySendFrom(address: string, stack: Stack): PolicyStatement {
  const any = (resource: string) => stack.formatArn({ service: "ses", resource, resourceName: "*" });
  return new PolicyStatement({
    actions: ["ses:SendEmail"],
    resources: [any("identity"), any("configuration-set")],
    conditions: { StringEquals: { "ses:FromAddress": address } },
  });
}

/** The dimension of SES's metrics about mails of an identity; its value is the stage that made the identity. */
const MAIL_DIMENSION = "stage";

/**
 * The domain that mails come from. Its mails are signed (DKIM) once the records that are this stack's outputs are in its DNS.
 * Mails of all stages that send from it use its configuration set, which counts bounces.
 */
export function mailIdentity(stack: Stack, stage: Stage, domain: string): void {
  const configurationSet = new ConfigurationSet(stack, "MailConfiguration", {
    tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    reputationMetrics: true,
    suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
  });
  configurationSet.addEventDestination("MailMetrics", {
    destination: EventDestination.cloudWatchDimensions([
      { source: CloudWatchDimensionSource.MESSAGE_TAG, name: MAIL_DIMENSION, defaultValue: stage.name },
    ]),
    events: [EmailSendingEvent.SEND, EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
  });
  const identity = new EmailIdentity(stack, "MailIdentity", {
    identity: Identity.domain(domain),
    configurationSet,
  });
  for (const [i, { name, value }] of identity.dkimRecords.entries()) {
    new CfnOutput(stack, `MailRecord${i + 1}`, { value: `${name} CNAME ${value}` });
  }
}
