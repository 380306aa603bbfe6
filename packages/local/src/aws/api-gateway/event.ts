// An HTTP request as the Lambda function sees it behind an HTTP API: the event of API Gateway's payload format 2.0.
// What AWS documents, and what others measured on it, is quoted where it applies.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** Bytes of a request's body that API Gateway accepts (its quota "payload size", 10 MB). */
export const REQUEST_MAX_BYTES = 10 * 1024 * 1024;

/** A request that API Gateway has received, with its whole body. */
export interface ApiRequest {
  method: string;
  /** Path and query as they were sent, percent-encoded. */
  target: string;
  /** Names and values in turn, like `http.IncomingMessage.rawHeaders`. */
  rawHeaders: readonly string[];
  body: Buffer;
  /** Address of whoever connected to API Gateway: with a distribution before it, that is the distribution. */
  sourceIp: string;
}

/** The API's own domain. The browser never sees it: a distribution answers under the site's. */
const DOMAIN = "local.execute-api.localhost";

/** Headers of one connection (RFC 9110, 7.6.1), and those that the event has elsewhere. */
const NOT_FORWARDED = new Set([
  "connection",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** @param now when the request came, in milliseconds since 1970 */
export function toEvent(request: ApiRequest, now: number): APIGatewayProxyEventV2 {
  const path = decodedPath(request.target);
  const { headers, cookies } = collectHeaders(request, now);
  const query = new URLSearchParams(rawQuery(request.target));
  const body = encodeBody(request.body, headers["content-type"]);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: rawQuery(request.target),
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query.size > 0 && { queryStringParameters: combined(query) }),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName: DOMAIN,
      domainPrefix: "local",
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      // 11 random bytes look like API Gateway's: 15 characters and an equals sign.
      requestId: randomBytes(11).toString("base64"),
      routeKey: "$default",
      stage: "$default",
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...body,
  };
}

/**
 * HTTP APIs decode the path, and end it at a question mark that appears then: measured by others
 * (github.com/hotsock/voker pull request 8, github.com/aws/aws-lambda-dotnet pull request 1901). AWS does not document what
 * happens to a path that is not UTF-8. Here it arrives as it was sent, so that the function answers it.
 */
function decodedPath(target: string): string {
  const [encoded = "/"] = target.split("?", 1);
  try {
    return decodeURIComponent(encoded).split("?", 1)[0] ?? "/";
  } catch {
    return encoded;
  }
}

function rawQuery(target: string): string {
  const mark = target.indexOf("?");
  return mark === -1 ? "" : target.slice(mark + 1);
}

function collectHeaders({ rawHeaders, body, sourceIp }: ApiRequest, now: number) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? "";
    const value = rawHeaders[i + 1] ?? "";
    if (name === "cookie")
      cookies.push(
        ...value
          .split(";")
          .map((cookie) => cookie.trim())
          .filter(Boolean),
      );
    if (NOT_FORWARDED.has(name)) continue;
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
  }
  const sent = headers["x-forwarded-for"];
  return {
    headers: {
      ...headers,
      "content-length": String(body.length),
      host: DOMAIN,
      "x-amzn-trace-id": `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString("hex")}`,
      // API Gateway adds whoever connected to what it was sent.
      "x-forwarded-for": [sent, sourceIp].filter(Boolean).join(", "),
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    } as Record<string, string>,
    cookies,
  };
}

/** The values of a parameter that is repeated are joined by commas. */
function combined(query: URLSearchParams): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

/** Types whose bodies stay text. Any other body, that of a form or without a type too, is base64 (measured by others:
 *  github.com/ministackorg/ministack pull request 766). */
const TEXT = /^\s*(text\/[^;]*|application\/(json|javascript|xml))\s*(;|$)/i;

/** Bytes that are not UTF-8 can't be text: AWS's documents don't say what happens to them, here they arrive unchanged. */
function encodeBody(body: Buffer, contentType: string | undefined) {
  if (body.length === 0) return { isBase64Encoded: false };
  if (TEXT.test(contentType ?? "") && isUtf8(body)) return { body: body.toString(), isBase64Encoded: false };
  return { body: body.toString("base64"), isBase64Encoded: true };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `12/Mar/2020:19:03:58 +0000`, as web servers log it. */
function commonLogTime(now: number): string {
  const iso = new Date(now).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
