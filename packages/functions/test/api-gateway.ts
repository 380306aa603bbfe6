// Turns the requests of tests into requests of the API Gateway that `npm start` uses.
import { type ApiRequest, toEvent } from "@notejam/local/aws/api-gateway/event";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface HttpRequest {
  method: string;
  /** The path with the query: `/api/notes?q=milk`. */
  target: string;
  /** Undefined ones are not sent. */
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

/** The event that API Gateway sends the function for a request. */
export function eventOf(request: HttpRequest): APIGatewayProxyEventV2 {
  return toEvent(apiRequest(request), Date.now());
}
