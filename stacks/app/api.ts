// The HTTP API: API Gateway, which passes every path to one function. The routes are in that function.
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Api, type Stack } from "sst/constructs";
import { logGroup } from "../constructs/log-groups.ts";
import type { Stage } from "../stage/stage.ts";

/** What an answer takes at most, in 99 of 100 cases, a cold start included. */
const P99_SECONDS = 0.5;

/** One line for each request, also for those that no function sees: refused by the throttle, or without an answer. */
const ACCESS_LOG = JSON.stringify({
  time: "$context.requestTime",
  requestId: "$context.requestId",
  // Of a request that came through CloudFront this is CloudFront's; of any other, its sender's.
  address: "$context.identity.sourceIp",
  route: "$context.routeKey",
  status: "$context.status",
  integrationStatus: "$context.integrationStatus",
  integrationError: "$context.integrationErrorMessage",
  error: "$context.error.message",
  ms: "$context.responseLatency",
  functionRequestId: "$context.integration.requestId",
});

export function api(stack: Stack, stage: Stage, handler: IFunction): Api {
  // API Gateway lists the groups that it writes to in one policy of the region, which has room for about forty, unless they are called so.
  const logGroupName = stage.fixed ? undefined : `/aws/vendedlogs/notejam/${stage.name}/api`;
  return new Api(stack, "Api", {
    // Unknown paths too, so that the API itself answers them.
    routes: { $default: { cdk: { function: handler } } },
    // The web app has the same origin.
    cors: false,
    accessLog: {
      format: ACCESS_LOG,
      destinationArn: logGroup(stack, stage, "ApiAccess", logGroupName).logGroupArn,
    },
    // More would wait for environments that the stage may not have. API Gateway answers 429, and the web app sends it again.
    defaults: { throttle: { rate: stage.concurrency / P99_SECONDS, burst: stage.concurrency } },
  });
}
