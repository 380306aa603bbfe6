// The HTTP API: API Gateway, which passes every path to one function. The routes are in that function.
import { Api, type Function as Lambda, type Stack } from "sst/constructs";

export function api(stack: Stack, handler: Lambda): Api {
  return new Api(stack, "Api", {
    // Unknown paths too, so that the API itself answers them.
    routes: { $default: handler },
    // The web app has the same origin.
    cors: false,
    // The function writes one line a request.
    accessLog: false,
  });
}
