// What the requests and answers of Lambda, SES and Secrets Manager have in common: JSON, and errors that are named in a header.
import { type HttpResponse, jsonText } from "./loopback.ts";

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @param type the error's name, by which the SDK makes its class */
export function awsError(status: number, type: string, message: string): HttpResponse {
  return jsonText(status, { message }, { "x-amzn-errortype": type });
}
