// What somebody is told of, and what it says. That the metrics of our own exist is shown in packages/tools, on emitted lines.
import { readFileSync } from "node:fs";
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { watchedTemplate } from "../../testing/watched.ts";

interface Dimension {
  Name: string;
  Value: unknown;
}

interface MetricOfAlarm {
  Namespace: string;
  MetricName: string;
  Dimensions?: Dimension[];
  Statistic?: string;
  Period: number;
}

interface Alarm {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions?: unknown[];
  AlarmRule?: unknown;
  Threshold: number;
  EvaluationPeriods: number;
  TreatMissingData: string;
  ComparisonOperator: string;
  Metrics?: { Expression?: string; MetricStat?: { Metric: MetricOfAlarm; Period: number; Stat: string } }[];
}

const production = watchedTemplate();

/** The alarms by their names, without the stage. */
function alarmsIn(template: Template): Map<string, Alarm> {
  const found = ["Alarm", "CompositeAlarm"].flatMap((type) =>
    Object.values(template.findResources(`AWS::CloudWatch::${type}`)),
  );
  return new Map(found.map(({ Properties }) => [Properties.AlarmName.split("-").at(-1), Properties]));
}

/** What an alarm looks at: its metric, or those of its expression. */
function metricsOf(alarm: Alarm): MetricOfAlarm[] {
  const inMath = (alarm.Metrics ?? []).flatMap(({ MetricStat: one }) =>
    one ? [{ ...one.Metric, Statistic: one.Stat, Period: one.Period }] : [],
  );
  return "MetricName" in alarm ? [alarm as unknown as MetricOfAlarm] : inMath;
}

describe("an alarm", () => {
  const alarms = alarmsIn(production);
  const headings = readFileSync(new URL("../../RUNBOOKS.md", import.meta.url), "utf8").matchAll(
    /^## (.+)$/gm,
  );
  const runbooks = [...headings].map(([, heading]) => heading);

  test.each([...alarms])(
    "names a runbook that exists, says what has happened, and what no value means: %s",
    (_, alarm) => {
      const [, what, runbook] =
        /^([A-Z0-9].+\.\)?) stacks\/RUNBOOKS\.md, "(.+)"\.$/.exec(alarm.AlarmDescription) ?? [];

      expect(what?.length).toBeGreaterThan(15);
      expect(runbooks).toContain(runbook);
      if (alarm.AlarmRule === undefined)
        expect(alarm.TreatMissingData).toMatch(/^(notBreaching|breaching|ignore)$/);
    },
  );

  test.each([...alarms])(
    "is told to the stage's topic, unless it is a part of another: %s",
    (name, { AlarmActions }) => {
      const topics = Object.keys(production.findResources("AWS::SNS::Topic"));

      expect(topics).toHaveLength(1);
      expect(AlarmActions).toEqual(name.startsWith("BurnOf") ? undefined : [{ Ref: topics[0] }]);
    },
  );

  // As the user guides of these services list them, in November 2026.
  const DOCUMENTED: Record<string, { metrics: string[]; dimensions: string[] }> = {
    "AWS/ApiGateway": { metrics: ["4xx", "5xx", "Count", "Latency"], dimensions: ["ApiId", "ApiId Stage"] },
    "AWS/Lambda": {
      metrics: ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"],
      dimensions: ["FunctionName", "FunctionName Resource"],
    },
    "AWS/RDS": {
      metrics: ["ACUUtilization", "ServerlessDatabaseCapacity"],
      dimensions: ["DBClusterIdentifier", "DBInstanceIdentifier"],
    },
    "AWS/SQS": { metrics: ["ApproximateNumberOfMessagesVisible"], dimensions: ["QueueName"] },
    "AWS/Backup": {
      metrics: ["NumberOfBackupJobsFailed", "NumberOfBackupJobsCompleted"],
      dimensions: ["BackupVaultName", "ResourceType", "BackupVaultName ResourceType"],
    },
    "AWS/SES": { metrics: ["Reputation.BounceRate", "Reputation.ComplaintRate"], dimensions: [""] },
    "AWS/Firehose": {
      metrics: ["DeliveryToS3.DataFreshness", "DeliveryToS3.Success"],
      dimensions: ["DeliveryStreamName"],
    },
    // Ours.
    Notejam: {
      metrics: ["duration", "faults", "unavailable", "refusedSignIns", "foreignOrigins"],
      dimensions: ["stage"],
    },
  };

  test.each([...alarms])("looks at metrics that are documented, with their dimensions: %s", (name, alarm) => {
    const metrics = metricsOf(alarm);

    expect(metrics.length > 0 || name === "FastBurn").toBe(true);
    for (const { Namespace, MetricName, Dimensions = [] } of metrics) {
      const names = Dimensions.map(({ Name }) => Name).sort();
      expect(DOCUMENTED[Namespace]?.metrics).toContain(MetricName);
      expect(DOCUMENTED[Namespace]?.dimensions).toContain(names.join(" "));
    }
  });

  test.each([...alarms])(
    "evaluates no more than CloudWatch does: a day, or a week of longer periods: %s",
    (_, alarm) => {
      for (const { Period } of metricsOf(alarm)) {
        expect(Period * alarm.EvaluationPeriods).toBeLessThanOrEqual(Period < 3600 ? 86_400 : 604_800);
      }
    },
  );
});

describe("production is told of", () => {
  const alarms = alarmsIn(production);
  const one = (name: string) => alarms.get(name) as Alarm;
  const looksAt = (name: string) =>
    metricsOf(one(name)).map(
      ({ Namespace, MetricName, Dimensions = [], Statistic }) =>
        `${Statistic} ${Namespace} ${MetricName} ${Dimensions.map(({ Name, Value }) => `${Name}=${JSON.stringify(Value)}`)}`,
    );

  test("these, and of nothing else", () => {
    expect([...alarms.keys()].sort()).toEqual(
      [
        ...["FastBurn", "BurnOfAnHour", "BurnOfFiveMinutes", "Faults", "GatewayFailures", "ApiErrors"],
        ...["Capacity", "DeadLetters", "Migrations", "FailedBackup", "NoBackup", "Bounces", "AuditTrail"],
        ...["RefusedSignIns", "ForeignOrigins"],
      ].sort(),
    );
  });

  test("a fast burn of 99.9 %: 14.4 times the budget, in an hour and in the last five minutes of it", () => {
    for (const [name, period] of [
      ["BurnOfAnHour", 3600],
      ["BurnOfFiveMinutes", 300],
    ] as const) {
      expect(one(name).Threshold).toBeCloseTo(0.0144);
      expect(one(name).Metrics?.[0]?.Expression).toMatch(/FILL\(failures, 0\) \/ requests/);
      expect(looksAt(name)).toEqual([
        'Sum AWS/ApiGateway 5xx ApiId="a1b2c3d4e5"',
        'SampleCount AWS/ApiGateway Count ApiId="a1b2c3d4e5"',
      ]);
      expect(metricsOf(one(name)).map(({ Period }) => Period)).toEqual([period, period]);
    }
    expect(JSON.stringify(one("FastBurn").AlarmRule)).toMatch(
      /ALARM.*BurnOfAnHour.* AND ALARM.*BurnOfFiveMinutes/,
    );
  });

  test("few failures in a night are no burn", () => {
    expect(one("BurnOfAnHour").Metrics?.[0]?.Expression).toMatch(/^IF\(FILL\(failures, 0\) >= 10, .*, 0\)$/);
  });

  test("5xx that the API did not answer itself", () => {
    expect(one("GatewayFailures").Metrics?.[0]?.Expression).toBe(
      "FILL(all, 0) - FILL(faults, 0) - FILL(unavailable, 0)",
    );
    expect(looksAt("GatewayFailures")).toEqual([
      'Sum AWS/ApiGateway 5xx ApiId="a1b2c3d4e5"',
      'Sum Notejam faults stage="production"',
      'Sum Notejam unavailable stage="production"',
    ]);
  });

  test("80 % of the database's capacity, for a quarter of an hour", () => {
    expect(looksAt("Capacity")).toEqual(['Maximum AWS/RDS ACUUtilization DBClusterIdentifier="cluster"']);
    expect(one("Capacity")).toMatchObject({ Threshold: 80, EvaluationPeriods: 3, Period: 300 });
  });

  test("a backup that failed, and two days without one, for which AWS has no value", () => {
    expect(looksAt("FailedBackup")).toEqual([
      'Sum AWS/Backup NumberOfBackupJobsFailed BackupVaultName="notejam-daily"',
    ]);
    expect(one("FailedBackup")).toMatchObject({ Threshold: 1, TreatMissingData: "notBreaching" });
    expect(looksAt("NoBackup")).toEqual([
      'Sum AWS/Backup NumberOfBackupJobsCompleted BackupVaultName="notejam-daily"',
    ]);
    expect(one("NoBackup")).toMatchObject({ TreatMissingData: "breaching", EvaluationPeriods: 2 });
    expect(one("NoBackup").Metrics?.[0]?.Expression).toBe("IF(FILL(completed, 0) < 1, 1, 0)");
  });

  test("surges: refused sign-ins and foreign origins of five minutes, by the stage", () => {
    expect(looksAt("RefusedSignIns")).toEqual(['Sum Notejam refusedSignIns stage="production"']);
    expect(looksAt("ForeignOrigins")).toEqual(['Sum Notejam foreignOrigins stage="production"']);
    for (const name of ["RefusedSignIns", "ForeignOrigins"]) {
      expect(one(name)).toMatchObject({ Period: 300, EvaluationPeriods: 1 });
    }
  });

  test("each failure of a migration, and each dead letter", () => {
    expect(looksAt("Migrations")[0]).toMatch(
      /^Sum AWS\/Lambda Errors FunctionName=\{"Ref":"migrate[0-9A-F]{8}"\}$/,
    );
    expect(looksAt("DeadLetters")[0]).toMatch(
      /^Maximum AWS\/SQS ApproximateNumberOfMessagesVisible QueueName=/,
    );
    for (const name of ["Migrations", "DeadLetters"]) expect(one(name).Threshold).toBe(1);
  });

  test("invocations of the API that time out, which write no line", () => {
    expect(looksAt("ApiErrors")[0]).toMatch(
      /^Sum AWS\/Lambda Errors FunctionName=\{"Ref":"api[0-9A-F]{8}"\}$/,
    );
  });

  test("bounces, well before SES acts at 5 %", () => {
    expect(looksAt("Bounces")).toEqual(["Maximum AWS/SES Reputation.BounceRate "]);
    expect(one("Bounces").Threshold).toBeLessThan(0.05);
  });
});

describe("a stage", () => {
  test("that pauses has no objective, because it answers 503 while it wakes", () => {
    for (const stage of ["staging", "dev"]) {
      const names = [...alarmsIn(watchedTemplate(stage)).keys()];

      expect(names.filter((name) => name.includes("Burn"))).toEqual([]);
      expect(names).toContain("Faults");
    }
  });

  test("has alarms only for what it has", () => {
    const given = { deadLetters: undefined, dailyVault: undefined, watchesMail: false };
    const names = [...alarmsIn(watchedTemplate("dev", given)).keys()];

    for (const name of ["DeadLetters", "FailedBackup", "NoBackup", "Bounces", "AuditTrail"]) {
      expect(names).not.toContain(name);
    }
  });

  test.each(["ana", "pr-12"])("of a person is not watched: %s", (stage) => {
    for (const type of ["Alarm", "CompositeAlarm", "Dashboard"]) {
      watchedTemplate(stage).resourceCountIs(`AWS::CloudWatch::${type}`, 0);
    }
  });

  test("tells nobody if no address is set, and keeps its alarms", () => {
    const template = watchedTemplate("production", { email: undefined });

    template.resourceCountIs("AWS::SNS::Subscription", 0);
    expect(alarmsIn(template).size).toBe(alarmsIn(production).size);
  });
});

describe("the notices", () => {
  test("are encrypted with a key that CloudWatch may use, of this account alone, and go nowhere unencrypted", () => {
    const [topic] = Object.values(production.findResources("AWS::SNS::Topic"));
    const [key] = Object.entries(production.findResources("AWS::KMS::Key"));
    const [policy] = Object.values(production.findResources("AWS::SNS::TopicPolicy"));
    const cloudWatch = {
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    };

    expect(topic?.Properties.KmsMasterKeyId).toEqual({ "Fn::GetAtt": [key?.[0], "Arn"] });
    expect(key?.[1].Properties.KeyPolicy.Statement).toContainEqual({
      ...cloudWatch,
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      expect.objectContaining({ ...cloudWatch, Action: "sns:Publish" }),
    ]);
  });

  test("go to the address that is set", () => {
    production.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "ops@example.com",
    });
  });
});

describe("the dashboard", () => {
  function pageOf(template: Template) {
    const [page] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
    return { name: page?.Properties.DashboardName, body: JSON.stringify(page?.Properties.DashboardBody) };
  }

  test("has a name of its own in each stage and region, since dashboards belong to the account", () => {
    const names = ["production", "staging", "dev"].flatMap((stage) =>
      ["eu-west-1", "ap-southeast-2"].map((region) => pageOf(watchedTemplate(stage, { region })).name),
    );

    expect(names).toContain("notejam-production-eu-west-1");
    expect(new Set(names).size).toBe(6);
  });

  test("shows requests, failures, capacity and refusals, the routes and the last failures, and every alarm", () => {
    const { body } = pageOf(production);

    for (const shown of ["duration", "faults", "unavailable", "refusedSignIns", "foreignOrigins"]) {
      expect(body).toContain(`\\"Notejam\\",\\"${shown}\\",\\"stage\\",\\"production\\"`);
    }
    for (const shown of [
      "ACUUtilization",
      "5xx",
      "ConcurrentExecutions",
      "Throttles",
      "by method, route, outcome",
    ]) {
      expect(body).toContain(shown);
    }
    const told = Object.entries(
      production.toJSON().Resources as Record<string, { Type: string; Properties: Alarm }>,
    )
      .filter(([, { Type, Properties }]) => Type.startsWith("AWS::CloudWatch::") && Properties.AlarmActions)
      .map(([id]) => id);
    expect(told.length).toBeGreaterThan(10);
    for (const id of told) expect(body).toContain(id);
  });

  test("names no region but its own", () => {
    const there = watchedTemplate("production", { region: "ap-southeast-2" });

    expect(JSON.stringify(there.toJSON())).not.toMatch(/\b(us|eu|ca|sa|me|af|il)-[a-z]+-\d\b/);
  });
});
