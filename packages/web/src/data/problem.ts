// The message for a problem, and whether the page offers to try again.
import { PASSING, Problem } from "@notejam/client/problem";
import { PADS_MAX } from "@notejam/core/pad/limits";
import { t } from "../words/index.ts";

/** Anything thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem("internal", { detail: String(thrown) });
}

/** Whether sending it again may succeed. A user who was signed out is asked to sign in first. */
export function mayRepeat(problem: Problem): boolean {
  return problem.code === "unauthenticated" || PASSING.includes(problem.code);
}

/** What happened, in one or two sentences for the user, by the code. A code that has no words here has the service's. */
export function explain(problem: Problem, online = navigator.onLine): string {
  const { code, requestId } = problem;
  if (code === "rate_limited")
    return t(problem.codes.text ? "wroteTooMuch" : "problem.rate_limited", problem.retryAfterSeconds ?? 60);
  if (code === "too_many_pads") return t("problem.too_many_pads", { limit: PADS_MAX });
  if (code === "internal" && requestId) return t("internalAs", { id: requestId });
  if (code === "unreachable" && !online) return t("offline");
  // No form has these fields: they are in the address of a list or of a search.
  if (code === "invalid_input") return Object.values(problem.fields)[0]?.[0] ?? t("problem.invalid_input");
  // The service may be newer than this page.
  return (t(`problem.${code}`) as string | undefined) ?? problem.message;
}
