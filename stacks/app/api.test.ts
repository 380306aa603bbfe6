import { expect, test } from "vitest";
import { ALL, the } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

/** Seconds in which 99 of 100 requests are answered (README.md). */
const P99_SECONDS = 0.5;

test.each([
  { stage: "production", concurrency: 800 },
  { stage: "staging", concurrency: 100 },
  { stage: "dev", concurrency: 100 },
  { stage: "ana", concurrency: 20 },
])("$stage takes no more requests than $concurrency functions can answer", async ({ stage, concurrency }) => {
  const { app } = await templatesOf({ stage });

  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = the(
    app,
    "AWS::ApiGatewayV2::Stage",
    "ApiDefaultStage",
  ).properties.DefaultRouteSettings;

  expect(rate * P99_SECONDS).toBeLessThanOrEqual(concurrency);
  expect(rate * P99_SECONDS).toBeGreaterThan(concurrency / 2);
  expect(burst).toBeLessThanOrEqual(concurrency);
});

test("the stages of an account leave room for its other functions", () => {
  // An account has 1,000 unless it asked for more; staging and dev share one.
  expect(800).toBeLessThan(1000);
  expect(100 + 100).toBeLessThan(1000);
});

test.each(ALL)(
  "API Gateway of %s logs each request: id, route, status, and what went wrong",
  async (stage) => {
    const { app } = await templatesOf({ stage });
    const log = the(app, "AWS::Logs::LogGroup", "ApiAccessLog");

    const { DestinationArn, Format } = the(app, "AWS::ApiGatewayV2::Stage", "ApiDefaultStage").properties
      .AccessLogSettings;

    expect(DestinationArn).toEqual({ "Fn::GetAtt": [log.logicalId, "Arn"] });
    expect(log.properties.RetentionInDays).toBe({ production: 90, staging: 30 }[stage] ?? 7);
    expect(Object.values(JSON.parse(Format))).toEqual(
      expect.arrayContaining([
        "$context.requestId",
        "$context.routeKey",
        "$context.status",
        "$context.integrationErrorMessage",
      ]),
    );
    // The region's policy for API Gateway has room for forty groups of other names.
    const name = { ana: "/aws/vendedlogs/notejam/ana/api", "pr-12": "/aws/vendedlogs/notejam/pr-12/api" }[
      stage
    ];
    expect(log.properties.LogGroupName).toBe(name);
    // No path: it has ids.
    expect(Format).not.toMatch(/path/i);
  },
);
