// The function that sends mail, and the address that mail comes from. The identity (domain or address) of the sender is
// verified in SES by hand, once a region: the stages of an account share it.
import { ENV } from "@notejam/core/config";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Function as Lambda, type Stack } from "sst/constructs";
import { VisibleError } from "sst/error.js";
import { type Database, databaseAccess } from "../data/database.ts";
import type { Stage } from "../stage.ts";
import { functionCode, logGroup } from "./function.ts";

interface Sender {
  /** As it stands in the mail, `Notejam <notejam@example.com>`. */
  from: string;
  /** `notejam@example.com` */
  address: string;
}

export function email(stack: Stack, stage: Stage, database: Database): Lambda {
  const sender = senderOf(stage, process.env[ENV.mailFrom]);
  const access = databaseAccess(database, "rds-data:ExecuteStatement");

  return new Lambda(stack, "Mail", {
    ...functionCode("mail"),
    environment: { ...access.environment, ...(sender && { [ENV.mailFrom]: sender.from }) },
    permissions: [...access.permissions, ...(sender ? [maySendFrom(sender.address, stack)] : [])],
    logGroup: logGroup(stack, stage, "Mail"),
  });
}

/**
 * The sender of a stage's mails. A stage of a person or a pull request can do without: its mails then fail, and its log says why.
 *
 * @throws VisibleError naming the variable, where it is missing on a fixed stage or is no sender.
 */
export function senderOf(stage: Stage, from: string | undefined): Sender | undefined {
  const example = `${ENV.mailFrom}="Notejam <notejam@example.com>"`;
  if (!from) {
    if (!stage.fixed) return undefined;
    throw new VisibleError(
      `${ENV.mailFrom} is not set. ${stage.name} sends its mails from it, for example ${example}; set it in the environment or in .env.${stage.name}.`,
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

/** In an account that is still in SES's sandbox, the identities of the recipients are checked too: so any identity, but one sender. */
function maySendFrom(address: string, stack: Stack): PolicyStatement {
  return new PolicyStatement({
    actions: ["ses:SendEmail"],
    resources: [stack.formatArn({ service: "ses", resource: "identity", resourceName: "*" })],
    conditions: { StringEquals: { "ses:FromAddress": address } },
  });
}
