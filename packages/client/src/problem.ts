// What can go wrong with a call, in one shape: the contract's problem documents, answers that are not such documents (a
// proxy's page), and no answer at all. It decides which code each of them has.
import type { Problem as ProblemDocument } from "@notejam/functions/api/problem-document";
import { PROBLEM_MEDIA_TYPE, type ProblemCode, STATUSES } from "@notejam/functions/api/problems";

/** A code of the contract, or `unreachable`: no answer came. */
export type Code = ProblemCode | "unreachable";

/** The problems that may have passed when the call is sent again: there was no answer, or the service could not do it now. */
export const PASSING: readonly Code[] = ["unreachable", "unavailable", "rate_limited", "internal"];

/** What a Problem carries beside its code. */
export interface ProblemDetails extends Partial<Omit<ProblemDocument, "code" | "status" | "type">> {
  retryAfterSeconds?: number | undefined;
  /** What was thrown underneath. */
  cause?: unknown;
}

/** A call that did not do what was asked. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: Code;
  /** Messages by the name of the field that is wrong. */
  readonly fields: Record<string, string[]>;
  /** A stable code for each message in `fields`, in the same order. */
  readonly codes: Record<string, string[]>;
  /** With `version_mismatch`: the note or pad as it is now. */
  readonly current: unknown;
  /** Seconds until it is worth trying again, where the service said so. */
  readonly retryAfterSeconds: number | undefined;
  /** Identifies the request in the service's log. */
  readonly requestId: string | undefined;

  constructor(code: Code, details: ProblemDetails = {}) {
    super(details.detail ?? details.title ?? code, { cause: details.cause });
    this.code = code;
    this.fields = details.fields ?? {};
    this.codes = details.codes ?? {};
    this.current = details.current;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.requestId = details.requestId;
  }
}

/** Whether a problem of one of these codes was thrown. */
export function isProblem(thrown: unknown, ...codes: Code[]): thrown is Problem {
  return thrown instanceof Problem && codes.includes(thrown.code);
}

/** Reads what went wrong from an answer that is not a success. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const retryAfterSeconds = secondsOf(response.headers.get("retry-after"));
  const document = await documentOf(response);
  const code = document?.code ?? codeOf(response);
  return new Problem(code, { requestId, ...document, retryAfterSeconds });
}

async function documentOf(response: Response): Promise<Partial<ProblemDocument> | undefined> {
  if (!isDocument(response)) return undefined;
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === "object" && body !== null ? body : undefined;
}

function isDocument({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith(PROBLEM_MEDIA_TYPE) ?? false;
}

/** The code of an answer whose document is missing or cut. Several codes share a status: the first in the table is the general one. */
function codeOf(response: Response): ProblemCode {
  const { status } = response;
  // A gateway's words for a service that does not answer, or that has too many requests. The service's own 429 is a user's.
  if (status === 502 || status === 504 || (status === 429 && !isDocument(response))) return "unavailable";
  const codes = Object.keys(STATUSES) as ProblemCode[];
  return codes.find((code) => STATUSES[code] === status) ?? "internal";
}

/** The delay of a Retry-After (RFC 9110, 10.2.3), in seconds: it is a number of them, or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  // Date.parse takes many things for a date; an HTTP date begins with a day's name.
  const milliseconds = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) - Date.now() : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, Math.ceil(milliseconds / 1000));
}
