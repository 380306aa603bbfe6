import { describe, expect, it } from "vitest";
import { explain, mayRepeat, Problem } from "./problem.ts";

describe("the words for a problem", () => {
  it("name the request that the service's log knows", () => {
    expect(explain(new Problem("internal", { requestId: "abc" }))).toContain("abc");
  });

  it("say when to try again, in what people count in", () => {
    const words = (retryAfterSeconds: number) => explain(new Problem("rate_limited", { retryAfterSeconds }));
    expect(words(1)).toContain("in 1 second.");
    expect(words(59)).toContain("in 59 seconds.");
    expect(words(61)).toContain("in 2 minutes.");
  });

  it("tell being offline from a service that is not there", () => {
    expect(explain(new Problem("unreachable"), false)).not.toBe(explain(new Problem("unreachable"), true));
  });

  it("are the field's own where no form has that field", () => {
    expect(explain(new Problem("invalid_input", { fields: { token: ["This link is dead."] } }))).toBe(
      "This link is dead.",
    );
  });
});

it("only what may succeed is offered again", () => {
  expect(mayRepeat(new Problem("unreachable"))).toBe(true);
  expect(mayRepeat(new Problem("unavailable"))).toBe(true);
  expect(mayRepeat(new Problem("wrong_credentials"))).toBe(false);
  expect(mayRepeat(new Problem("too_large"))).toBe(false);
});
