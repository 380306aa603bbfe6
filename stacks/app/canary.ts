// How new code of the API takes over from the old: behind an alias, which CodeDeploy moves to the new version. Where an alarm
// goes off meanwhile, it moves back and CloudFormation undoes the deployment. The database is not moved back: migrations work
// with the code before them.
import { Duration } from "aws-cdk-lib";
import type { IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import { Alias } from "aws-cdk-lib/aws-lambda";
import type { Function as Lambda, Stack } from "sst/constructs";
import type { Settings } from "../stage/settings.ts";
import type { Stage } from "../stage/stage.ts";

/** The version of the API's function that answers. */
export function live(stack: Stack, handler: Lambda): Alias {
  return new Alias(stack, "ApiLive", { aliasName: "live", version: handler.currentVersion });
}

/**
 * Moves the alias in two steps, and back if more than one in a hundred answers is a fault.
 * @param shift `at-once`: in one step, without a look at the alarms. While one of them is on, CodeDeploy stops every deployment,
 *   and the code that makes the faults would stay.
 */
export function canary(
  stack: Stack,
  stage: Stage,
  alias: Alias,
  gateway: IHttpApi,
  shift: Settings["shift"],
): void {
  const period = Duration.minutes(1);
  const alarm = (id: string, description: string, metric: IMetric) =>
    new Alarm(stack, id, {
      alarmDescription: `Notejam ${stage.name}: ${description} Undoes a deployment that is under way. stacks/RUNBOOKS.md, "A bad deployment".`,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

  const faults = alarm(
    "ReleaseFaults",
    "one in a hundred answers is a 5xx.",
    new MathExpression({
      // A few alone may be a failover.
      expression: "IF(faults >= 3 AND faults / requests > 0.01, 1, 0)",
      usingMetrics: {
        faults: gateway.metricServerError({ period }),
        requests: gateway.metricCount({ period }),
      },
      label: "faults",
      period,
    }),
  );
  const errors = alarm(
    "ReleaseErrors",
    "the API's function failed or timed out.",
    alias.metricErrors({ period }),
  );
  new LambdaDeploymentGroup(stack, "ApiRelease", {
    alias,
    deploymentConfig:
      shift === "at-once"
        ? LambdaDeploymentConfig.ALL_AT_ONCE
        : LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    ignoreAlarmConfiguration: shift === "at-once",
    alarms: [faults, errors],
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
  });
}
