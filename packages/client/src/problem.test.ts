import { type ProblemCode, STATUSES } from "@notejam/functions/api/problems";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProblem, Problem, problemOf } from "./problem.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": "application/problem+json", ...headers } });
}

describe("an answer that is not a success", () => {
  it("is read as the contract's problem", async () => {
    const document = {
      code: "invalid_input",
      title: "Invalid input",
      detail: "See `fields`.",
      fields: { name: ["Name is required"] },
      codes: { name: ["required"] },
      current: { version: 2 },
      requestId: "r-1",
    };
    const problem = await problemOf(answer(422, document));
    expect(problem).toBeInstanceOf(Error);
    expect(problem).toMatchObject({
      code: "invalid_input",
      message: "See `fields`.",
      fields: { name: ["Name is required"] },
      codes: { name: ["required"] },
      current: { version: 2 },
      requestId: "r-1",
    });
  });

  it("keeps a code that this client does not know yet", async () => {
    const problem = await problemOf(answer(409, { code: "from_the_future" }));
    expect(problem).toMatchObject({ code: "from_the_future", message: "from_the_future" });
  });

  it.each([
    [400, "malformed"],
    [401, "unauthenticated"],
    [404, "not_found"],
    [409, "conflict"],
    [429, "unavailable"],
    [500, "internal"],
    [418, "internal"],
    [302, "internal"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "unavailable"],
  ] satisfies [number, ProblemCode][])(
    "has the code of its status %i where a proxy wrote it",
    async (status, code) => {
      const headers = { "content-type": "text/html", "x-request-id": "r-2" };
      const problem = await problemOf(answer(status, "<html>Bad gateway</html>", headers));
      expect(problem).toMatchObject({ code, message: code, fields: {}, requestId: "r-2" });
    },
  );

  it.each([
    [429, "Too Many Requests"],
    [503, "Service Unavailable"],
  ])("may pass where the gateway said it: %i", async (status, message) => {
    const problem = await problemOf(answer(status, { message }, { "content-type": "application/json" }));
    expect(problem).toMatchObject({ code: "unavailable", retryAfterSeconds: undefined });
  });

  it("is the service's own limit where the service said it", async () => {
    const problem = await problemOf(answer(429, { code: "rate_limited" }, { "retry-after": "900" }));
    expect(problem).toMatchObject({ code: "rate_limited", retryAfterSeconds: 900 });
  });

  it("has a code of its own status where its document is cut or empty, for each status of the contract", () => {
    const statuses = fc.constantFrom(...Object.values(STATUSES));
    const bodies = fc.constantFrom("", '{"code":', "null");
    return fc.assert(
      fc.asyncProperty(statuses, bodies, async (status, body) => {
        const { code } = await problemOf(answer(status, body));
        expect(STATUSES[code as ProblemCode]).toBe(status);
      }),
    );
  });
});

describe("Retry-After", () => {
  const secondsOf = async (header: string) =>
    (await problemOf(answer(503, "", { "retry-after": header }))).retryAfterSeconds;

  it("is a number of seconds", async () => {
    expect(await secondsOf("7")).toBe(7);
    expect(await secondsOf("0")).toBe(0);
  });

  it("is a date, and 0 where that is past", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    // The date has no fraction of a second, and reading it takes a moment.
    expect([58, 59, 60]).toContain(await secondsOf(date));
    expect(await secondsOf("Fri, 01 Jan 2021 00:00:00 GMT")).toBe(0);
  });

  it.each(["soon", "-1", "1.5", "", "2030-01-01", "99999999999"])("is not %j", async (header) => {
    expect(await secondsOf(header)).toBeUndefined();
  });

  it("may be missing", async () => {
    expect((await problemOf(answer(503, ""))).retryAfterSeconds).toBeUndefined();
  });
});

it("a problem is recognised by its codes", () => {
  const problem = new Problem("conflict");
  expect(isProblem(problem, "not_found", "conflict")).toBe(true);
  expect(isProblem(problem, "not_found")).toBe(false);
  expect(isProblem(new Error("conflict"), "conflict")).toBe(false);
});
