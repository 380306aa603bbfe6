// What a request carries with it inside the API: what Lambda handed over, and what is decided before a route begins.
import type { APIGatewayProxyEventV2, Context as LambdaContext } from "aws-lambda";

/** Hono's environment, the same for each router. */
export interface ApiEnv {
  Bindings: {
    /** The event of API Gateway; absent where the app is called without Lambda, as in tests. */
    event?: APIGatewayProxyEventV2;
    lambda?: Pick<LambdaContext, "awsRequestId">;
  };
  Variables: {
    /** Answered in `x-request-id` and in each problem, and logged. */
    requestId: string;
  };
}
