// Events as API Gateway sends them to Lambda (HTTP API, payload 2.0).
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface HttpRequest {
  method: string;
  /** With the query: `/api/notes?q=milk`. */
  target: string;
  headers?: Record<string, string | undefined>;
  cookies?: string[];
  /** Bytes travel as base64, as those of an unknown media type do. */
  body?: string | Uint8Array;
  sourceIp?: string;
}

export function eventOf(request: HttpRequest): APIGatewayProxyEventV2 {
  const [path = "", query = ""] = request.target.split(/\?(.*)/s);
  const sourceIp = request.sourceIp ?? "203.0.113.9";
  const headers = Object.entries(request.headers ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name.toLowerCase(), value]);
  return {
    version: "2.0",
    routeKey: "ANY /api/{proxy+}",
    rawPath: path,
    rawQueryString: query,
    ...(request.cookies?.length && { cookies: request.cookies }),
    headers: Object.fromEntries(headers),
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3d4e5",
      domainName: "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
      domainPrefix: "a1b2c3d4e5",
      http: { method: request.method, path, protocol: "HTTP/1.1", sourceIp, userAgent: "CloudFront" },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: "ANY /api/{proxy+}",
      stage: "$default",
      time: "24/Nov/2026:07:00:00 +0000",
      timeEpoch: 1795503600000,
    },
    ...(request.body !== undefined && {
      body: typeof request.body === "string" ? request.body : Buffer.from(request.body).toString("base64"),
    }),
    isBase64Encoded: request.body instanceof Uint8Array,
  };
}
