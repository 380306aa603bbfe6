// Hono's context in the API: the bindings that Lambda passes, and the variables that are set before a route runs.
import type { APIGatewayProxyEventV2, Context as LambdaContext } from "aws-lambda";

/** Hono's environment, the same for each router. */
export interface ApiEnv {
  Bindings: {
    /** The event of API Gateway; absent if the app is called without Lambda, as in tests. */
    event?: APIGatewayProxyEventV2;
    lambda?: Pick<LambdaContext, "awsRequestId">;
  };
  Variables: {
    /** Sent in `x-request-id` and in each problem, and logged. */
    requestId: string;
  };
}
