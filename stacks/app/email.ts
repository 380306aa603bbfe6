// The address that mails come from, and the permission to send from it. Its identity in SES (the domain or the address) is
// verified by hand, once a region: the stages of an account share it.
import { ENV } from "@notejam/core/config";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Stack } from "sst/constructs";
import { VisibleError } from "sst/error.js";
import type { Stage } from "../stage.ts";

interface Sender {
  /** As it is written in the mail, `Notejam <notejam@example.com>`. */
  from: string;
  /** `notejam@example.com` */
  address: string;
}

/**
 * The sender of a stage's mails. A person's or a pull request's stage needs none: its mails then fail, and its log says why.
 * @throws VisibleError naming the variable, if a fixed stage lacks it or it is not a sender
 */
export function senderOf(stage: Stage, from: string | undefined): Sender | undefined {
  const example = `${ENV.mailFrom}="Notejam <notejam@example.com>"`;
  if (!from) {
    if (!stage.fixed) return undefined;
    throw new VisibleError(
      `${ENV.mailFrom} is not set. ${stage.name} sends its mails from it. Set it in the environment or in .env.${stage.name}, for example ${example}.`,
    );
  }
  const address = /^(?:[^<>@]+<([^\s<>@]+@[^\s<>@]+)>|([^\s<>@]+@[^\s<>@]+))$/.exec(from);
  if (!address) {
    throw new VisibleError(
      `${ENV.mailFrom} is "${from}", which is not an address or a name with one. An example: ${example}.`,
    );
  }
  return { from, address: (address[1] ?? address[2]) as string };
}

/**
 * Permission to send from one address. It covers any identity, because SES's sandbox checks the recipients' identities too.
 */
export function maySendFrom(address: string, stack: Stack): PolicyStatement {
  return new PolicyStatement({
    actions: ["ses:SendEmail"],
    resources: [stack.formatArn({ service: "ses", resource: "identity", resourceName: "*" })],
    conditions: { StringEquals: { "ses:FromAddress": address } },
  });
}
