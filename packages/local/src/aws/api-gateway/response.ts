// What the function returned, as the HTTP response that API Gateway makes of it (payload format 2.0).
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from "node:http";
import type { HttpResponse } from "../loopback.ts";

/**
 * @param payload the JSON that the function returned
 * @throws TypeError saying what is wrong, if it has a `statusCode` but is not a response
 */
export function toResponse(payload: string): HttpResponse {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== "object" || result === null || !("statusCode" in result)) {
    return { status: 200, headers: { "content-type": "application/json" }, body: payload };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = result as Record<string, unknown>;
  return {
    status: checkedStatus(statusCode),
    headers: checkedHeaders(headers, cookies, body),
    body: checkedBody(body, isBase64Encoded),
  };
}

function checkedStatus(status: unknown): number {
  if (Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599) return Number(status);
  throw new TypeError(`statusCode must be a whole number from 200 to 599, not ${JSON.stringify(status)}`);
}

/** The server that sends the response sets these. */
const SET_BY_SERVER = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

function checkedHeaders(headers: unknown, cookies: unknown, body: unknown): OutgoingHttpHeaders {
  const checked: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(record(headers, "headers"))) {
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw new TypeError(`the header ${name} must be text, not ${JSON.stringify(value)}`);
    }
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    if (!SET_BY_SERVER.has(name.toLowerCase())) checked[name.toLowerCase()] = String(value);
  }
  if (body && checked["content-type"] === undefined) checked["content-type"] = "text/plain; charset=utf-8";
  if (cookies === undefined || cookies === null) return checked;
  if (!Array.isArray(cookies) || cookies.some((cookie) => typeof cookie !== "string")) {
    throw new TypeError("cookies must be an array of text");
  }
  for (const cookie of cookies) validateHeaderValue("set-cookie", cookie);
  if (cookies.length > 0) checked["set-cookie"] = cookies;
  return checked;
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`${name} must be an object`);
}

function checkedBody(body: unknown, isBase64Encoded: unknown): Buffer | string {
  if (body === undefined || body === null) return "";
  if (typeof body !== "string") throw new TypeError("body must be text");
  return isBase64Encoded === true ? Buffer.from(body, "base64") : body;
}
