// The entry of the API on Lambda: turns an event of API Gateway (HTTP API, payload 2.0) into a request, and the answer into
// the form that API Gateway expects. Hono's own adapter is deprecated, accepts five other kinds of events, and answers a
// request that it can't read (a GET with a body) in plain text, without a log line.
import { config } from "@notejam/core/config";
import { noCalls } from "@notejam/core/db/calls";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { app } from "./app.ts";
import { isTextual } from "./http/media.ts";
import { writeRequestLine } from "./http/request-log.ts";

/**
 * An event that is not a request of API Gateway is answered 400, and logged.
 * @throws Error naming the variable, if the stage is not set. A line without it would not be counted, but Lambda counts failures
 */
export async function handler(
  event: APIGatewayProxyEventV2,
  lambda: Pick<Context, "awsRequestId">,
): Promise<APIGatewayProxyStructuredResultV2> {
  const startedAt = performance.now();
  const { stage } = config;
  let request: Request;
  try {
    request = requestOf(event);
  } catch (error) {
    const { awsRequestId: requestId } = lambda;
    writeRequestLine({ stage, requestId, route: "none", status: 400, startedAt, calls: noCalls(), error });
    return { statusCode: 400, headers: { "cache-control": "no-store", "x-request-id": requestId }, body: "" };
  }
  return resultOf(await app.fetch(request, { event, lambda }));
}

/** Turns an event of API Gateway into a request. @throws TypeError if it is not a request */
export function requestOf(event: APIGatewayProxyEventV2): Request {
  const { domainName, http } = event.requestContext;
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) setIfValid(headers, name, value);
  setIfValid(headers, "cookie", event.cookies?.join("; "));
  const url = new URL(`https://${domainName}`);
  // API Gateway has decoded the path. What still looks encoded was encoded twice.
  url.pathname = event.rawPath.replaceAll("%", "%25");
  url.search = event.rawQueryString;
  // The Fetch API does not allow a GET to have a body, so it is dropped.
  const bodiless = http.method === "GET" || http.method === "HEAD" || event.body === undefined;
  const body = bodiless
    ? undefined
    : Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  return new Request(url, {
    method: FORBIDDEN_METHODS.has(http.method) ? "UNKNOWN" : http.method,
    headers,
    body,
  });
}

/** The Fetch API refuses these methods. The API has no routes for them, nor for UNKNOWN. */
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Ignores a value that HTTP does not allow. The error would quote the value, which may be a cookie. */
function setIfValid(headers: Headers, name: string, value: string | undefined): void {
  if (value === undefined || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return;
  headers.set(name, value);
}

/** The response in the form that API Gateway expects: text as it is, bytes of any other media type as base64. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const cookies = response.headers.getSetCookie();
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== "set-cookie"));
  const bytes = Buffer.from(await response.arrayBuffer());
  const textual = bytes.length === 0 || isTextual(headers["content-type"] ?? "", bytes);
  return {
    statusCode: response.status,
    headers,
    cookies,
    body: bytes.toString(textual ? "utf8" : "base64"),
    isBase64Encoded: !textual,
  };
}
