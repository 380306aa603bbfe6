// The message for a problem, and whether the page offers to try again.
import { Problem } from "@notejam/client/problem";
import { t } from "../words/index.ts";

/** Anything thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem("internal", { detail: String(thrown) });
}

/** Whether sending it again may succeed. A user who was signed out is asked to sign in first. */
export function mayRepeat(problem: Problem): boolean {
  return ["unreachable", "unavailable", "internal", "rate_limited", "unauthenticated"].includes(problem.code);
}

/** What happened, in one or two sentences for the user. */
export function explain(problem: Problem, online = navigator.onLine): string {
  switch (problem.code) {
    case "unreachable":
      return online ? t("problem.unreachable") : t("problem.offline");
    case "unauthenticated":
      return t("problem.signedOut");
    case "rate_limited":
      return t("problem.tooMany", problem.retryAfterSeconds ?? 60);
    case "unavailable":
      return t("problem.busy");
    case "internal":
      return problem.requestId ? t("problem.internalAs", { id: problem.requestId }) : t("problem.internal");
    default:
      return Object.values(problem.fields)[0]?.[0] ?? problem.message;
  }
}
