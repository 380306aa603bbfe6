// What is watched of a stage, by the names that CloudWatch knows it by.
import type { IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

export interface Watched {
  api: IHttpApi;
  /** Only small stages, which are not watched, lack the job. */
  functions: Readonly<Record<"api" | "mail" | "migrate", Lambda> & Partial<Record<"logPurged", Lambda>>>;
  clusterIdentifier: string;
  /** The queue of events that no function could handle. */
  deadLetters: IQueue | undefined;
  /** The vault that gets a recovery point a day. */
  dailyVault: string | undefined;
  /** Whether this stage watches how the account's mails are received: SES judges all stages of an account and region together. */
  watchesMail: boolean;
  /** Who is told of alarms. Without one, alarms only show in the console. */
  email: string | undefined;
}
