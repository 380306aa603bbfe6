// Requests as tests write them, for the API Gateway that `npm start` has too.
import { type ApiRequest, toEvent } from "@notejam/local/aws/api-gateway/event";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface HttpRequest {
  method: string;
  /** With the query: `/api/notes?q=milk`. */
  target: string;
  /** Those that are undefined are not sent. */
  headers?: Record<string, string | undefined>;
  cookies?: string[];
  body?: string | Uint8Array;
  sourceIp?: string;
}

export function apiRequest({ method, target, headers = {}, cookies = [], ...rest }: HttpRequest): ApiRequest {
  const { body = "", sourceIp = "203.0.113.9" } = rest;
  const sent = { ...headers, ...(cookies.length > 0 && { Cookie: cookies.join("; ") }) };
  const rawHeaders = Object.entries(sent).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  );
  return { method, target, rawHeaders, body: Buffer.from(body), sourceIp };
}

/**
 * What API Gateway sends the function of a request.
 * @throws Error for a request that it answers itself
 */
export function eventOf(request: HttpRequest): APIGatewayProxyEventV2 {
  const event = toEvent(apiRequest(request), Date.now());
  if (!event) throw new Error(`API Gateway refuses ${request.target}.`);
  return event;
}
