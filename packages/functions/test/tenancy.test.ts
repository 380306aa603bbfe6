// Each statement keeps tenants apart, so this suite checks the statements of each route: with a session they begin with the
// viewer, and without one they reach no content of users.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyFor, ROUTES, type Route, send, thingsOfNewUser } from "./routes.ts";
import { type Service, startService } from "./service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

/** The CTE with the session's row, by the hash of its token, if it is alive and its account has the same epoch. */
const BEGINS_WITH_VIEWER = new RegExp(
  [
    '^with "viewer" as \\(select "session"\\."user_id", "session"\\."id" as "session_id" from "session"',
    'inner join "account" on \\(\\("account"\\."id" = "session"\\."user_id"\\) and \\("account"\\."epoch" = "session"\\."epoch"\\)\\)',
    'where \\(\\("session"\\."token_hash" = :1::bytea\\) and \\(',
  ].join(" "),
);
/** The tables with the content of users. */
const CONTENT = /\b(note|pad|revision|pad_revision)\b/;

/** The statements that a route sends when it succeeds. */
async function statementsOf(route: Route): Promise<string[]> {
  const things = await thingsOfNewUser(service);
  await service.mailsSent();
  service.calls.splice(0);
  const { status } = await send(route, things, { body: bodyFor(route) });
  await service.mailsSent();
  expect(status).not.toBe(404);
  return service.calls.map(({ sql }) => sql ?? "");
}

describe.each(ROUTES.filter(({ operation }) => operation.session === "required"))("$name", (route) => {
  test("begins each statement with the viewer, and reaches every table through it", async () => {
    const statements = await statementsOf(route);

    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement).toMatch(BEGINS_WITH_VIEWER);
      expect(statement.slice(statement.indexOf(")"))).toMatch(/select user_id from viewer|from "viewer"/);
    }
  });
});

describe.each(ROUTES.filter(({ operation }) => operation.session !== "required"))("$name", (route) => {
  test("reaches no content of users", async () => {
    for (const statement of await statementsOf(route)) expect(statement).not.toMatch(CONTENT);
  });
});
