// What is watched of a stage, by the names that CloudWatch knows it by.
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

export interface Watched {
  /** The id of the HTTP API. */
  apiId: string;
  functions: Readonly<Record<"api" | "mail" | "migrate", Lambda>>;
  clusterIdentifier: string;
  /** The queues of events that no function could handle. */
  deadLetters: readonly IQueue[];
  /** The vaults that get a recovery point a day. */
  dailyVaults: readonly string[];
  /** Whether this stage watches how the account's mails are received: SES judges all stages of an account and region together. */
  watchesMail: boolean;
  /** Who is told of alarms. Without one, alarms only show in the console. */
  email: string | undefined;
}
