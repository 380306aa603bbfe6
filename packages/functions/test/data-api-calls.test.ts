// Counts the calls of the Data API that a request makes, in the log and at the Data API itself. Each takes about 17 ms before
// the database does anything.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES, send, type Things, thingsOfNewUser } from "./routes.ts";
import { type Answer, Browser, newUser, PASSWORD, type Service, startService } from "./service.ts";

let service: Service;
let things: Things;
beforeAll(async () => {
  service = await startService();
  things = await thingsOfNewUser(service);
});
afterAll(() => service?.close());

async function calls(request: () => Promise<Answer>): Promise<{ status: number; calls: number }> {
  await service.mailsSent();
  service.calls.splice(0);
  const { status, line } = await request();
  // The mail function makes its own calls, after the answer.
  if (!line.route.includes("password-resets")) expect(service.calls).toHaveLength(line.dataApiCalls);
  return { status, calls: line.dataApiCalls };
}

/** The routes that don't make exactly one call. */
const OTHERS: Record<string, number> = {
  "GET /api/health": 0,
  "GET /api/openapi.json": 0,
  "PUT /api/user/password": 2,
  "POST /api/users": 2,
  "DELETE /api/trash/notes/:id": 2,
  "DELETE /api/trash/pads/:id": 2,
};

describe("a request", () => {
  test.each(ROUTES.map((route) => ({ ...route, cost: OTHERS[route.name] ?? 1 })))(
    "$name costs $cost",
    async (route) => {
      // A new session, because one of the routes signs out.
      const browser = things.browser.elsewhere();
      await browser.signIn();

      const { calls: cost } = await calls(() => send(route, things, { browser }));

      expect(cost).toBe(route.cost);
    },
  );
});

describe("an account", () => {
  test("signing in costs two calls, and one if it fails, for unknown emails too", async () => {
    const browser = await newUser(service);

    expect(await calls(() => browser.signIn())).toEqual({ status: 201, calls: 2 });
    browser.password = "wrong";
    expect(await calls(() => browser.signIn())).toEqual({ status: 401, calls: 1 });
    expect(await calls(() => new Browser(service).signIn())).toEqual({ status: 401, calls: 1 });
  });

  test("a new password by a link costs two calls", async () => {
    const browser = await newUser(service);
    await browser.post("/api/password-resets", { email: browser.email });
    await service.mailsSent();
    const token = /#([\w-]+)/.exec(service.mails.at(-1)?.text ?? "")?.[1];

    const redeem = () => browser.put("/api/password-resets", { token, password: PASSWORD });

    expect(await calls(redeem)).toEqual({ status: 204, calls: 2 });
  });

  test("a wrong current password costs one call", async () => {
    const browser = await newUser(service);

    const passwords = { currentPassword: "wrong", newPassword: `new ${PASSWORD}` };

    expect(await calls(() => browser.put("/api/user/password", passwords))).toEqual({
      status: 401,
      calls: 1,
    });
  });
});
