// The dashboard of a stage: how requests fare, what bounds them, and what somebody may be up to.
import { Duration, type Stack } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  LogQueryVisualizationType,
  LogQueryWidget,
  PeriodOverride,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Stage } from "../../stage/stage.ts";
import { acuUtilization, ofRequests } from "./alarms.ts";
import type { Watched } from "./watched.ts";

const MINUTE = Duration.minutes(1);
const HALF = { width: 12, height: 6 };
const WHOLE = { width: 24, height: 7 };

/** @param alarms whose states it begins with */
export function dashboard(stack: Stack, stage: Stage, watched: Watched, alarms: readonly IAlarm[]): void {
  const { functions } = watched;
  const page = new Dashboard(stack, "Dashboard", {
    // Dashboards belong to an account: without the region, those of two regions would be one.
    dashboardName: `notejam-${stage.name}-${stack.region}`,
    defaultInterval: Duration.hours(3),
    periodOverride: PeriodOverride.AUTO,
  });
  const requests = (name: Parameters<typeof ofRequests>[1], statistic: string, label: string) =>
    ofRequests(stage, name, statistic, MINUTE).with({ label });

  page.addWidgets(new AlarmStatusWidget({ alarms: [...alarms], title: "Alarms", width: 24, height: 3 }));
  page.addWidgets(
    graph("Requests a minute", [
      watched.api.metricCount({ period: MINUTE, label: "requests" }),
      requests("duration", "SampleCount", "answered by the API"),
    ]),
    graph("Milliseconds until the answer", [
      requests("duration", "p50", "half"),
      requests("duration", "p99", "99 of 100"),
    ]),
  );
  page.addWidgets(
    graph("Failed requests a minute", [
      watched.api.metricServerError({ period: MINUTE, label: "all" }),
      requests("faults", "Sum", "faults"),
      requests("unavailable", "Sum", "database away"),
      functions.api.metricErrors({ period: MINUTE, label: "timeouts and crashes" }),
      functions.api.metricThrottles({ period: MINUTE, label: "throttled" }),
    ]),
    graph("Requests under way", [
      functions.api.metric("ConcurrentExecutions", {
        statistic: "Maximum",
        period: MINUTE,
        label: "environments",
      }),
    ]),
  );
  page.addWidgets(
    graph(
      "Capacity of the database, % of its maximum",
      [acuUtilization(watched).with({ label: "ACU" })],
      100,
    ),
    graph("Refused a minute", [
      requests("refusedSignIns", "Sum", "sign-ins"),
      requests("foreignOrigins", "Sum", "foreign origins"),
    ]),
  );
  const logGroupNames = [functions.api.logGroup.logGroupName];
  page.addWidgets(
    new LogQueryWidget({
      title: "Routes",
      ...WHOLE,
      view: LogQueryVisualizationType.TABLE,
      logGroupNames,
      queryLines: [
        "filter ispresent(route)",
        "stats count(*) as requests, pct(duration, 50) as half, pct(duration, 99) as most, avg(dataApiCalls) as calls by method, route, outcome",
        "sort requests desc",
        "limit 30",
      ],
    }),
    new LogQueryWidget({
      title: "Cold starts",
      ...HALF,
      view: LogQueryVisualizationType.BAR,
      logGroupNames,
      // CloudWatch Logs writes true as 1.
      queryLines: ["filter coldStart = 1", "stats count(*) as coldStarts by bin(5m)"],
    }),
    new LogQueryWidget({
      title: "The last failures",
      ...HALF,
      view: LogQueryVisualizationType.TABLE,
      logGroupNames,
      queryLines: [
        "fields @timestamp, requestId, method, route, status, code, error.name, error.message",
        'filter level = "error"',
        "sort @timestamp desc",
        "limit 20",
      ],
    }),
  );
}

function graph(title: string, left: IMetric[], max?: number): GraphWidget {
  return new GraphWidget({ title, left, leftYAxis: { min: 0, ...(max && { max }) }, ...HALF });
}
