// The problems that the service on this machine answers below /api by itself, when the API can't: in the contract's format,
// with the headers of every answer of the API.
import { randomUUID } from "node:crypto";
import type { AppError } from "@notejam/core/errors";
import { problemOf } from "@notejam/functions/api/http/problem";
import { API_HEADERS } from "@notejam/functions/web-headers";
import type { HttpResponse } from "./aws/loopback.ts";

/** Answers `error` as the API would. The request gets an id, as each request has one. */
export function problemResponse(error: AppError): HttpResponse {
  const requestId = randomUUID();
  const { status, headers, body } = problemOf(error, requestId);
  return { status, headers: { ...API_HEADERS, "x-request-id": requestId, ...headers }, body };
}
