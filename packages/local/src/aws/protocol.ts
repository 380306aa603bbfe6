// What the requests and answers of Lambda, SES and Secrets Manager have in common: JSON, and errors that are named in a header.
import type { HttpResponse } from "./loopback.ts";

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function awsJson(status: number, value: unknown): HttpResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** @param type the error's name, by which the SDK makes its class */
export function awsError(status: number, type: string, message: string): HttpResponse {
  const response = awsJson(status, { message });
  return { ...response, headers: { ...response.headers, "x-amzn-errortype": type } };
}
