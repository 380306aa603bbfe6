import { describe, expect, it } from "vitest";
import { explain, mayRepeat, Problem, problemOf } from "./problem.ts";

function answer(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { "content-type": "application/problem+json", ...headers } });
}

describe("an answer that is no success", () => {
  it("is read as the contract's problem, with its fields and what is there now", async () => {
    const body = {
      code: "invalid_input",
      title: "Invalid",
      fields: { name: ["Name is required"] },
      current: { version: 2 },
    };
    const problem = await problemOf(answer(422, JSON.stringify(body)));
    expect(problem.code).toBe("invalid_input");
    expect(problem.fields).toEqual({ name: ["Name is required"] });
    expect(problem.current).toEqual({ version: 2 });
  });

  it("says how long to wait", async () => {
    const body = JSON.stringify({ code: "unavailable" });
    expect((await problemOf(answer(503, body, { "retry-after": "7" }))).retryAfterSeconds).toBe(7);
    expect((await problemOf(answer(503, body, { "retry-after": "soon" }))).retryAfterSeconds).toBeUndefined();
    expect((await problemOf(answer(503, body))).retryAfterSeconds).toBeUndefined();
  });

  it.each([
    [502, "unavailable"],
    [429, "rate_limited"],
    [404, "not_found"],
    [500, "internal"],
    [418, "internal"],
  ])("is known by its status %i where a proxy wrote it", async (status, code) => {
    const page = answer(status, "<html>Bad gateway</html>", { "content-type": "text/html" });
    expect((await problemOf(page)).code).toBe(code);
  });

  it("is known by its status where its document is cut or none", async () => {
    expect((await problemOf(answer(503, '{"code":'))).code).toBe("unavailable");
    expect((await problemOf(answer(503, "null"))).code).toBe("unavailable");
  });
});

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
