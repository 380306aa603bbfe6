// The alarms of a stage. There are few, each is about something that somebody must do, and its description names the runbook
// that says what. Metrics of AWS are named as its user guides have them: "Monitor CloudWatch metrics for HTTP APIs" (API
// Gateway), "Types of metrics for Lambda functions", "Aurora Serverless v2: performance and scaling", "Available CloudWatch
// metrics for Amazon SQS", "AWS Backup metrics with CloudWatch", "Creating reputation monitoring alarms" (SES), "Monitor Amazon
// Data Firehose".
import { METRICS_NAMESPACE, type RequestMetrics } from "@notejam/functions/metrics";
import { Duration, type Stack } from "aws-cdk-lib";
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Stage } from "../../stage/stage.ts";
import type { Watched } from "./watched.ts";

interface Spec {
  /** The id of the construct, and the alarm's name without the stage. */
  id: string;
  /** What has happened, in a sentence. */
  what: string;
  /** A heading of stacks/RUNBOOKS.md. */
  runbook: string;
  metric: IMetric;
  /** The alarm goes off at this value, or above. */
  threshold: number;
  /** Periods in a row for which it must hold; by default 1. */
  periods?: number;
  /** What a period without a value means; by default, that nothing has happened. */
  missing?: TreatMissingData;
}

/** Requests of a month that may fail. */
const ERROR_BUDGET = 0.001;
/** At this rate, an hour burns 2 % of the budget of 30 days. The long window shows that it matters, the short one that it goes on. */
const FAST_BURN = 14.4;
/** With fewer failures in an hour, their share says little: at night, two may be 2 %. */
const FAILURES_MIN = 10;

const FIVE_MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);
const DAY = Duration.days(1);

/** @param trail the name of the stream of the audit trail, if the stage has one */
export function alarms(
  stack: Stack,
  stage: Stage,
  watched: Watched,
  trail: string | undefined,
  notify: IAlarmAction,
): (Alarm | CompositeAlarm)[] {
  const specs = [
    ...requests(stage, watched),
    database(watched),
    ...(watched.deadLetters ? [unhandled(watched.deadLetters)] : []),
    ...(watched.dailyVault ? backups(watched.dailyVault) : []),
    ...(watched.watchesMail ? [mails()] : []),
    ...(trail === undefined ? [] : [auditDelivery(trail)]),
  ];
  const made = [
    // A cluster that pauses answers 503 while it wakes: a stage with one can't have the objective.
    ...(stage.cluster && stage.cluster.minAcu > 0 ? [objective(stack, stage, watched)] : []),
    ...specs.map((spec) => alarm(stack, stage, spec)),
  ];
  for (const one of made) one.addAlarmAction(notify);
  return made;
}

function alarm(stack: Stack, stage: Stage, spec: Spec): Alarm {
  return new Alarm(stack, `${spec.id}Alarm`, {
    alarmName: nameOf(stage, spec.id),
    alarmDescription: describe(spec),
    metric: spec.metric,
    threshold: spec.threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: spec.periods ?? 1,
    treatMissingData: spec.missing ?? TreatMissingData.NOT_BREACHING,
  });
}

function nameOf(stage: Stage, id: string): string {
  return `notejam-${stage.name}-${id}`;
}

function describe({ what, runbook }: Pick<Spec, "what" | "runbook">): string {
  return `${what} stacks/RUNBOOKS.md, "${runbook}".`;
}

/** A metric of the functions' log lines, by the stage. */
export function ofRequests(
  stage: Stage,
  name: keyof RequestMetrics,
  statistic: string,
  period = FIVE_MINUTES,
): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    dimensionsMap: { stage: stage.name },
    statistic,
    period,
  });
}

export function acuUtilization({ clusterIdentifier }: Watched): Metric {
  return new Metric({
    namespace: "AWS/RDS",
    metricName: "ACUUtilization",
    dimensionsMap: { DBClusterIdentifier: clusterIdentifier },
    // Of the instances, the one that works most.
    statistic: "Maximum",
    period: FIVE_MINUTES,
  });
}

/** The fast burn of the objective that 99.9 % of the requests are answered: in an hour, and still in the last five minutes. */
function objective(stack: Stack, stage: Stage, watched: Watched): CompositeAlarm {
  const windows = [
    { id: "BurnOfAnHour", period: HOUR, failuresMin: FAILURES_MIN },
    { id: "BurnOfFiveMinutes", period: FIVE_MINUTES, failuresMin: 1 },
  ].map(({ id, period, failuresMin }) =>
    alarm(stack, stage, {
      id,
      what: "One of the two conditions of FastBurn, which sends the notice.",
      runbook: "Requests that fail",
      metric: new MathExpression({
        expression: `IF(FILL(failures, 0) >= ${failuresMin}, FILL(failures, 0) / requests, 0)`,
        usingMetrics: {
          failures: watched.api.metricServerError({ period }),
          requests: watched.api.metricCount({ period }),
        },
        label: "share of requests that failed",
        period,
      }),
      threshold: FAST_BURN * ERROR_BUDGET,
    }),
  );
  return new CompositeAlarm(stack, "FastBurnAlarm", {
    compositeAlarmName: nameOf(stage, "FastBurn"),
    alarmDescription: describe({
      what: `At this rate the month's ${ERROR_BUDGET * 100} % of requests that may fail are used up in two days.`,
      runbook: "Requests that fail",
    }),
    alarmRule: AlarmRule.allOf(...windows.map((window) => AlarmRule.fromAlarm(window, AlarmState.ALARM))),
  });
}

function requests(stage: Stage, watched: Watched): Spec[] {
  const { api, migrate } = watched.functions;
  return [
    {
      id: "Faults",
      what: "The API answers 500: its code is wrong, or meets what it does not expect.",
      runbook: "A bad deployment",
      metric: ofRequests(stage, "faults", "Sum"),
      threshold: 5,
    },
    {
      id: "GatewayFailures",
      what: "API Gateway answers 5xx where the API did not: it timed out, crashed, or could not be invoked.",
      runbook: "Requests that fail",
      metric: new MathExpression({
        expression: "FILL(all, 0) - FILL(faults, 0) - FILL(unavailable, 0)",
        usingMetrics: {
          // It counts what no function could: timeouts, crashes, throttles.
          all: watched.api.metricServerError(),
          faults: ofRequests(stage, "faults", "Sum"),
          unavailable: ofRequests(stage, "unavailable", "Sum"),
        },
        label: "5xx of the gateway itself",
        period: FIVE_MINUTES,
      }),
      threshold: 5,
    },
    {
      id: "ApiErrors",
      what: "Invocations of the API's function end without an answer: a timeout, or a crash.",
      runbook: "Requests that fail",
      metric: api.metricErrors(),
      threshold: 3,
    },
    {
      id: "Migrations",
      what: "A migration failed, and with it the deployment.",
      runbook: "A bad migration",
      metric: migrate.metricErrors(),
      threshold: 1,
    },
    {
      id: "RefusedSignIns",
      what: "Very many sign-ins are refused: somebody tries passwords.",
      runbook: "A surge of refused sign-ins",
      metric: ofRequests(stage, "refusedSignIns", "Sum"),
      threshold: 100,
    },
    {
      id: "ForeignOrigins",
      what: "Very many requests come around the distribution, or from another site's pages.",
      runbook: "A surge of refused sign-ins",
      metric: ofRequests(stage, "foreignOrigins", "Sum"),
      // Some scan every address of AWS: a few a minute are nothing.
      threshold: 300,
    },
  ];
}

function database(watched: Watched): Spec {
  return {
    id: "Capacity",
    what: "For a quarter of an hour, the database has needed 80 % of the capacity that it may have.",
    runbook: "Too much traffic",
    metric: acuUtilization(watched),
    threshold: 80,
    periods: 3,
  };
}

function unhandled(deadLetters: IQueue): Spec {
  return {
    id: "DeadLetters",
    what: "A job, or a mail, failed also when it was repeated.",
    runbook: "A job that failed",
    metric: deadLetters.metricApproximateNumberOfMessagesVisible(),
    threshold: 1,
  };
}

/** Backups that fail, and days without an attempt. */
function backups(dailyVault: string): Spec[] {
  const jobs = (metricName: string, period: Duration) =>
    new Metric({
      namespace: "AWS/Backup",
      metricName,
      dimensionsMap: { BackupVaultName: dailyVault },
      statistic: "Sum",
      period,
    });
  return [
    {
      id: "FailedBackup",
      what: "A backup failed.",
      runbook: "A failed backup",
      metric: jobs("NumberOfBackupJobsFailed", HOUR),
      threshold: 1,
    },
    {
      id: "NoBackup",
      what: "Two days have gone without a backup. (A new stage has its first one in the night.)",
      runbook: "A failed backup",
      metric: new MathExpression({
        expression: "IF(FILL(completed, 0) < 1, 1, 0)",
        usingMetrics: { completed: jobs("NumberOfBackupJobsCompleted", DAY) },
        label: "days without a backup",
        period: DAY,
      }),
      threshold: 1,
      periods: 2,
      // AWS Backup sends no value where no job ran, which is what this alarm is for.
      missing: TreatMissingData.BREACHING,
    },
  ];
}

function mails(): Spec {
  return {
    id: "Bounces",
    what: "3 % of the mails come back. SES looks into accounts at 5 %, and stops their mails at 10 %.",
    runbook: "Mails that bounce",
    metric: new Metric({
      namespace: "AWS/SES",
      metricName: "Reputation.BounceRate",
      statistic: "Maximum",
      period: HOUR,
    }),
    threshold: 0.03,
    // SES sends a value when it has computed one: the last one holds until then.
    missing: TreatMissingData.IGNORE,
  };
}

function auditDelivery(streamName: string): Spec {
  return {
    id: "AuditTrail",
    what: "Lines have waited for an hour to reach the audit trail. After 24 hours they are lost.",
    runbook: "An audit trail that stops",
    metric: new Metric({
      namespace: "AWS/Firehose",
      metricName: "DeliveryToS3.DataFreshness",
      dimensionsMap: { DeliveryStreamName: streamName },
      statistic: "Maximum",
      period: FIVE_MINUTES,
    }),
    threshold: HOUR.toSeconds(),
  };
}
