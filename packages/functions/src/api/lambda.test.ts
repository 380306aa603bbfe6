import { ENV } from "@notejam/core/config";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { eventOf } from "../../test/api-gateway.ts";
import { ORIGIN_SECRET_HEADER } from "../distribution-headers.ts";
import { handler } from "./lambda.ts";
import { PROBLEM_MEDIA_TYPE } from "./problems.ts";

const lambda = { awsRequestId: "7c1d4b8e" };

const log: string[] = [];
beforeEach(() => {
  log.splice(0);
  vi.stubEnv(ENV.stage, "test");
  vi.spyOn(process.stdout, "write").mockImplementation((line) => log.push(String(line)) > 0);
});

afterEach(() => vi.unstubAllEnvs());

/** The cookie of a session that need not exist. */
const SESSION = `__Host-notejam=${"t".repeat(43)}`;
const JSON_TYPE = { "Content-Type": "application/json" };

describe("an event of API Gateway", () => {
  test("gets a status, headers, cookies and text", async () => {
    const result = await handler(eventOf({ method: "DELETE", target: "/api/session" }), lambda);

    expect(result).toEqual({
      statusCode: 204,
      headers: {
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-request-id": lambda.awsRequestId,
      },
      cookies: ["__Host-notejam=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax"],
      body: "",
      isBase64Encoded: false,
    });
  });

  test.each([
    ["text", (text: string) => ({ body: text, isBase64Encoded: false })],
    ["base64", (text: string) => ({ body: Buffer.from(text).toString("base64"), isBase64Encoded: true })],
  ])("may have its body as %s", async (_, encoded) => {
    const event = eventOf({ method: "POST", target: "/api/users", body: "{}", headers: JSON_TYPE });

    const result = await handler({ ...event, ...encoded('{"email": "é🦉"}') }, lambda);

    expect(JSON.parse(result.body ?? "").fields).toEqual({
      email: ["Invalid email"],
      password: ["Password is required"],
    });
  });

  test("may have an empty body, and the body of a GET is ignored", async () => {
    const empty = await handler(eventOf({ method: "POST", target: "/api/users", body: "" }), lambda);
    const get = await handler(eventOf({ method: "GET", target: "/api/health", body: "{" }), lambda);

    expect([empty.statusCode, get.statusCode]).toEqual([400, 200]);
  });

  test("has its path decoded once, and its query as it was sent", async () => {
    for (const [target, status] of [
      ["/api/health?%", 422],
      ["/api/notes/%2e%2e%2fhealth", 200],
      ["/api/health%3Fx=1", 200],
      ["/api/healt%68", 200],
      ["/api/healt%2568", 404],
      ["/api/healt#h", 404],
      ["//evil.example.com/api/health", 404],
    ] as const) {
      const { statusCode } = await handler(eventOf({ method: "GET", target }), lambda);

      expect([target, statusCode]).toEqual([target, status]);
    }
  });

  test.each(["%c3%28", "\ufffd(", "\ud800", "%"])(
    "whose path is not UTF-8, %j, is not found, as a problem",
    async (id) => {
      const event = eventOf({ method: "GET", target: "/api/notes/id", cookies: [SESSION] });

      const answer = await handler({ ...event, rawPath: `/api/notes/${id}` }, lambda);

      expect(answer).toMatchObject({ statusCode: 404, headers: { "content-type": PROBLEM_MEDIA_TYPE } });
      expect(JSON.parse(answer.body ?? "")).toMatchObject({
        code: "not_found",
        requestId: lambda.awsRequestId,
      });
      expect(log.map((line) => JSON.parse(line))).toMatchObject([{ route: "/api/notes/:id", status: 404 }]);
    },
  );

  test.each(["TRACE", "TRACK", "PROPFIND"])(
    "with the method %s is not found, as a problem",
    async (method) => {
      const answer = await handler(eventOf({ method, target: "/api/health" }), lambda);

      expect(answer).toMatchObject({ statusCode: 404, headers: { allow: "GET, HEAD" } });
      expect(JSON.parse(answer.body ?? "")).toMatchObject({
        code: "not_found",
        requestId: lambda.awsRequestId,
      });
      expect(log.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ level: "info", status: 404 }),
      ]);
    },
  );

  test("that is not a request is malformed, and logged", async () => {
    const event = { ...eventOf({ method: "GET", target: "/api/health" }), headers: { "bad name": "value" } };

    expect(await handler(event, lambda)).toMatchObject({ statusCode: 400 });
    expect(log).toHaveLength(1);
  });

  test.each(["\0", "a\r\nb: c", "Mozilla ✓"])(
    "with a header value that HTTP does not allow, %j, is treated as without it, and the value is not logged",
    async (value) => {
      const headers = { "user-agent": value, cookie: `notejam=secret${value}` };
      const answer = await handler(eventOf({ method: "GET", target: "/api/health", headers }), lambda);

      expect(answer).toMatchObject({ statusCode: 200 });
      expect(JSON.stringify(log)).not.toContain("secret");
    },
  );
});

describe.each(["", " ", "\n"])("a function whose origin secret is %j", (secret) => {
  test.each(["/api/health", "/api/notes", "/api/nothing"])(
    "refuses each request, and the log names the variable: %s",
    async (target) => {
      vi.stubEnv(ENV.originSecret, secret);
      const headers = { [ORIGIN_SECRET_HEADER]: secret };

      const answer = await handler(eventOf({ method: "GET", target, headers }), lambda);

      expect(answer).toMatchObject({ statusCode: 500, headers: { "content-type": PROBLEM_MEDIA_TYPE } });
      expect(JSON.parse(answer.body ?? "")).toMatchObject({
        code: "internal",
        requestId: lambda.awsRequestId,
      });
      expect(answer.body).not.toContain(ENV.originSecret);
      expect(log.map((line) => JSON.parse(line))).toMatchObject([
        { level: "error", error: { message: expect.stringContaining(ENV.originSecret) } },
      ]);
    },
  );
});

test("a function that is not told its stage fails with the variable's name, where Lambda counts it", async () => {
  vi.stubEnv(ENV.stage, undefined);

  const answer = handler(eventOf({ method: "GET", target: "/api/health" }), lambda);

  await expect(answer).rejects.toThrow(ENV.stage);
});

test.each([{}, { requestContext: {} }, null])(
  "a value that is not an event of API Gateway, %j, is answered 400, and logged",
  async (event) => {
    const result = await handler(event as unknown as Parameters<typeof handler>[0], lambda);

    expect(result).toMatchObject({ statusCode: 400, headers: { "x-request-id": lambda.awsRequestId } });
    expect(log.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: "error",
        requestId: lambda.awsRequestId,
        status: 400,
        outcome: "invalid",
        error: { name: "TypeError" },
      },
    ]);
  },
);
