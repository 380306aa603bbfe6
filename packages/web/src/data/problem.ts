// What can go wrong with a request, in one shape: the contract's problem documents, answers that are none (a proxy's
// page), and no answer at all. It decides the words for each and whether sending again can help.
import type { Problem as ProblemDocument } from "@notejam/functions/api/problems";

/** A code of the contract, or `unreachable`: no answer came. */
export type Code = ProblemDocument["code"] | "unreachable";

export interface ProblemDetails {
  title?: string | undefined;
  detail?: string | undefined;
  fields?: Record<string, string[]> | undefined;
  current?: unknown;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/** A request that did not do what was asked. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: Code;
  /** Messages by the name of the field that is wrong. */
  readonly fields: Record<string, string[]>;
  /** With `version_mismatch`: the note or pad as it is now. */
  readonly current: unknown;
  /** Seconds until it is worth trying again, where the service said so. */
  readonly retryAfterSeconds: number | undefined;
  /** What the service's log knows the request by. */
  readonly requestId: string | undefined;

  constructor(code: Code, details: ProblemDetails = {}) {
    super(details.detail ?? details.title ?? code);
    this.code = code;
    this.fields = details.fields ?? {};
    this.current = details.current;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.requestId = details.requestId;
  }
}

/** By status, for answers that are no problem document. */
const CODES: Record<number, Code> = {
  400: "malformed",
  401: "unauthenticated",
  403: "forbidden_origin",
  404: "not_found",
  409: "conflict",
  412: "version_mismatch",
  413: "too_large",
  415: "unsupported_media_type",
  422: "invalid_input",
  428: "version_required",
  429: "rate_limited",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** Reads what went wrong out of an answer that is not a success. */
export async function problemOf(response: Response): Promise<Problem> {
  const byStatus = CODES[response.status] ?? "internal";
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const retryAfterSeconds = secondsOf(response.headers.get("retry-after"));
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  const body = isProblem ? await response.json().catch(() => undefined) : undefined;
  if (typeof body !== "object" || body === null) {
    return new Problem(byStatus, { requestId, retryAfterSeconds });
  }
  return new Problem(body.code ?? byStatus, { requestId, ...body, retryAfterSeconds });
}

/** The delay of a Retry-After (RFC 9110, 10.2.3), in seconds; its other form, a date, is not sent by this service. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

/** Whatever was thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem("internal", { detail: String(thrown) });
}

/** Whether sending the same again may succeed. */
export function mayRepeat(problem: Problem): boolean {
  return ["unreachable", "unavailable", "internal", "rate_limited", "unauthenticated"].includes(problem.code);
}

/** What happened, for the reader: one or two sentences. */
export function explain(problem: Problem, online = navigator.onLine): string {
  switch (problem.code) {
    case "unreachable":
      return online ? "Notejam can’t be reached." : "You are offline.";
    case "unauthenticated":
      return "You are signed out.";
    case "rate_limited":
      return `Too many attempts. Try again in ${inWords(problem.retryAfterSeconds ?? 60)}.`;
    case "unavailable":
      return "Notejam is busy just now.";
    case "internal":
      return problem.requestId
        ? `Something went wrong in Notejam (request ${problem.requestId}).`
        : "Something went wrong in Notejam.";
    default:
      return Object.values(problem.fields)[0]?.[0] ?? problem.message;
  }
}

function inWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
