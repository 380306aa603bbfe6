// The message for a problem, and whether the page offers to try again.
import { Problem } from "@notejam/client/problem";

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
      return online ? "Notejam can’t be reached." : "You are offline.";
    case "unauthenticated":
      return "You are signed out.";
    case "rate_limited":
      return `Too many attempts. Try again in ${formatDuration(problem.retryAfterSeconds ?? 60)}.`;
    case "unavailable":
      return "Notejam is busy.";
    case "internal":
      return problem.requestId
        ? `Something went wrong in Notejam (request ${problem.requestId}).`
        : "Something went wrong in Notejam.";
    default:
      return Object.values(problem.fields)[0]?.[0] ?? problem.message;
  }
}

function formatDuration(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
