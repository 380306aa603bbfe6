// The server that the AWS SDK is pointed to in place of Lambda, SES and Secrets Manager: Lambda's Invoke, SES's SendEmail and
// GetSecretValue. Requests are signed with an access key id that only this service knows, since any user and any web page of the
// machine can reach a port. The signature itself is not checked: nobody reads or changes what crosses loopback.
import type { IncomingMessage } from "node:http";
import { EVENT_MAX_BYTES, type LambdaFunction, type OnFault, toFunctionError } from "./lambda/handler.ts";
import { type AsyncInvocations, eventTooLarge, invoke } from "./lambda/invoke.ts";
import {
  type HttpResponse,
  isOurHost,
  isSecret,
  type Listening,
  listen,
  pathOf,
  readBody,
} from "./loopback.ts";
import { awsError } from "./protocol.ts";
import { GET_SECRET_VALUE, getSecretValue, type Secrets } from "./secrets-manager/get-secret-value.ts";
import { type Deliver, sendEmail } from "./ses/send-email.ts";

export interface EndpointsOptions {
  /** By name. */
  functions: Readonly<Record<string, LambdaFunction>>;
  /** Takes the events whose callers don't wait. */
  later: AsyncInvocations;
  deliver: Deliver;
  secrets: Secrets;
  /** What requests must be signed with. */
  accessKeyId: string;
  onFault: OnFault;
}

/** Listens on a free port. */
export async function serveEndpoints(options: EndpointsOptions): Promise<Listening> {
  const listening: Listening = await listen(0, {
    respond: async (request) =>
      refusal(request, listening.port, options.accessKeyId) ?? (await answer(request, options)),
    fault: (error) => options.onFault("endpoints", toFunctionError(error)),
  });
  return listening;
}

/** Refuses what no function of this service sends: a browser's request, one to another name of this machine, another key's. */
function refusal(request: IncomingMessage, port: number, accessKeyId: string): HttpResponse | undefined {
  const { origin, host, authorization } = request.headers;
  if (origin !== undefined || !isOurHost(host, port))
    return awsError(403, "AccessDeniedException", "Web pages can't use this address.");
  const [, given] = /^AWS4-HMAC-SHA256 Credential=([^/,]*)/.exec(authorization ?? "") ?? [];
  if (given === undefined)
    return awsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
  if (isSecret(given, accessKeyId)) return undefined;
  return awsError(403, "UnrecognizedClientException", "The access key id is not that of this service.");
}

async function answer(request: IncomingMessage, options: EndpointsOptions): Promise<HttpResponse> {
  const path = pathOf(request.url ?? "/");
  const body = await readBody(request, EVENT_MAX_BYTES);
  if (body === undefined) return eventTooLarge();
  const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
  if (request.method === "POST" && invoked) {
    const name = decodeURIComponent(invoked);
    const called = Object.hasOwn(options.functions, name) ? options.functions[name] : undefined;
    if (!called) return awsError(404, "ResourceNotFoundException", `Function not found: ${name}`);
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    return invoke(called, String(type), body, options);
  }
  if (request.method === "POST" && path === "/v2/email/outbound-emails")
    return sendEmail(body, options.deliver);
  if (request.method === "POST" && path === "/" && request.headers["x-amz-target"] === GET_SECRET_VALUE)
    return getSecretValue(body, options.secrets);
  return awsError(
    404,
    "UnknownOperationException",
    "Only Lambda's Invoke, SES's SendEmail and Secrets Manager's GetSecretValue are answered here.",
  );
}
