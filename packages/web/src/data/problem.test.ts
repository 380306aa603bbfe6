import { Problem } from "@notejam/client/problem";
import { describe, expect, it } from "vitest";
import { explain, mayRepeat } from "./problem.ts";

describe("the message for a problem", () => {
  it("names the request, to find it in the service's log", () => {
    expect(explain(new Problem("internal", { requestId: "abc" }))).toContain("abc");
  });

  it("says when to try again, in seconds or minutes", () => {
    const words = (retryAfterSeconds: number) => explain(new Problem("rate_limited", { retryAfterSeconds }));
    expect(words(1)).toContain("in 1 second.");
    expect(words(59)).toContain("in 59 seconds.");
    expect(words(61)).toContain("in 2 minutes.");
  });

  it("distinguishes being offline from a service that can't be reached", () => {
    expect(explain(new Problem("unreachable"), false)).not.toBe(explain(new Problem("unreachable"), true));
  });

  it("is the field's own message if no form has that field", () => {
    expect(explain(new Problem("invalid_input", { fields: { token: ["This link is dead."] } }))).toBe(
      "This link is dead.",
    );
  });
});

it("a problem can be repeated only if that may succeed", () => {
  expect(mayRepeat(new Problem("unreachable"))).toBe(true);
  expect(mayRepeat(new Problem("unavailable"))).toBe(true);
  expect(mayRepeat(new Problem("wrong_credentials"))).toBe(false);
  expect(mayRepeat(new Problem("too_large"))).toBe(false);
});
