// Each statement keeps tenants apart, so this suite checks the statements of each route: with a session they begin with the
// viewer, and without one they reach no content of users.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyFor, queryFor, ROUTES, type Route, send, thingsOfNewUser } from "./routes.ts";
import { type Service, startService } from "./service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

/** The CTE with the session's row, by the hash of its token, if it is alive and its account has the same epoch. */
const BEGINS_WITH_VIEWER = new RegExp(
  [
    '^with "viewer" as \\(select s\\.user_id, s\\.id session_id, s\\.device, s\\.device_id from session s',
    "join account a on a\\.id = s\\.user_id and a\\.epoch = s\\.epoch",
    // Where the password is changed, also by the token that this session had until then.
    "where \\(s\\.token_hash = :1::bytea or (?:false|s\\.id = \\(select r\\.session_id from replaced_token r where r\\.token_hash = :2::bytea and r\\.expires_at > now\\(\\)\\))\\)",
    "and \\(s\\.expires_at > now\\(\\) or (?:false|s\\.id = :\\d::uuid)\\)\\)",
  ].join("\\s+"),
);
/** The tables with the content of users. */
const CONTENT = /\b(note|pad|revision|pad_revision)\b/;
const READ_OR_CHANGED =
  /\b(?:from|join|update)\s+"?(note|pad|revision|pad_revision)\b"?(?:\s+"?(?!where\b|on\b|set\b|join\b)(\w+))?/g;
const INSERTED =
  /\binsert into "?(?:note|pad|revision|pad_revision)"?(?: as \w+)?\s+\((\w+)[^()]*\)\s+select\s+([\w.]+)/g;

/**
 * The parts of a statement that name a table with content and don't tie its rows to the viewer. Rows are tied by their
 * `user_id`: it equals the viewer's, or that of rows which the statement has reached already.
 */
function untied(statement: string): string[] {
  const part = (at: number) => statement.slice(at, at + 60);
  const free = [...statement.matchAll(READ_OR_CHANGED)].filter(({ index, 1: table, 2: alias = table }) => {
    const from = statement.slice(index);
    const tied = new RegExp(`\\b${alias}\\.user_id = (?:\\(select user_id from viewer\\)|\\w+\\.user_id)`);
    // Another source of the same name has a condition of its own.
    const end = from.slice(1).search(new RegExp(`\\b(?:from|join|update)\\s+"?\\w+"?\\s+"?${alias}\\b`));
    return !tied.test(end < 0 ? from : from.slice(0, end + 1)) && !/^from \w+ \w+ where false/.test(from);
  });
  const inserted = [...statement.matchAll(INSERTED)].filter(
    ([, column, value]) => column !== "user_id" || !/^(?:viewer|old|one)\.user_id$/.test(value ?? ""),
  );
  return [...free, ...inserted].map(({ index }) => part(index));
}

/** The statements that a route sends when it succeeds, without its query parameters and with each of them. */
async function statementsOf(route: Route): Promise<string[]> {
  const things = await thingsOfNewUser(service);
  await service.mailsSent();
  const values: Record<string, string> = {
    pad: route.path === "/api/trash" ? things.trashedPad : things.pad,
    q: "milk",
    tag: "garden",
    pinned: "first",
    archived: "false",
    updatedAfter: "2026-01-01T00:00:00.000Z",
    updatedBefore: "2036-01-01T00:00:00.000Z",
    order: "name",
    limit: "1",
  };
  const parameters = Object.keys(route.operation.query?.shape ?? {}).filter(
    (name) => name in values && !queryFor(route).startsWith(`${name}=`),
  );
  service.calls.splice(0);
  for (const query of ["", ...parameters.map((name) => `?${name}=${values[name]}`)]) {
    const { status } = await send(route, things, { body: bodyFor(route, things), query });
    expect(status).not.toBe(404);
    if (query !== "") expect([query, status]).toEqual([query, 200]);
  }
  await service.mailsSent();
  return service.calls.map(({ sql }) => sql ?? "");
}

describe.each(ROUTES.filter(({ operation }) => operation.session === undefined))("$name", (route) => {
  test("begins each statement with the viewer, and ties all content to it", async () => {
    const statements = await statementsOf(route);

    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement).toMatch(BEGINS_WITH_VIEWER);
      expect(untied(statement)).toEqual([]);
    }
  });
});

describe.each(ROUTES.filter(({ operation }) => operation.session !== undefined))("$name", (route) => {
  test("reaches no content of users", async () => {
    for (const statement of await statementsOf(route)) expect(statement).not.toMatch(CONTENT);
  });
});
