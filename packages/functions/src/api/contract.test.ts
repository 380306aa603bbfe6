// The HTTP contract and the OpenAPI document agree: this file has the contract's table, route by route, and compares it with
// the document that the API serves.
import { expect, test } from "vitest";
import { text } from "./openapi-document.build.ts";
import { type ProblemCode, STATUSES } from "./problems.ts";

/** A route in the contract: its input (`name?` is optional), its answers and its problems. */
interface Agreed {
  takes?: string;
  /** Members that the body may have, if they are more than in others. */
  members?: number;
  query?: string;
  answers: Record<number, string | null>;
  problems?: ProblemCode[];
}

const PAGE = "cursor limit";
const NOTE =
  "note{archivedAt createdAt device deviceId id name named padId pinnedAt tags[] text updatedAt version}";
const PAD = "pad{createdAt id name noteCount updatedAt version}";
const USER = "user{createdAt email id}";
const LISTED_NOTE =
  "archivedAt createdAt device deviceId excerpt id name named padId pinnedAt updatedAt version";
const STATE = "bytes changedAt device deviceId digest hash kind link name named padId version words";
const VERIFIED = "differs newest nextCursor states thinned unlinked";

const CONTRACT: Record<string, Agreed> = {
  "POST /api/users": {
    takes: "email password",
    answers: { 201: USER },
    problems: ["email_taken", "rate_limited"],
  },
  "POST /api/session": {
    takes: "email password",
    answers: { 201: USER },
    problems: ["wrong_credentials", "rate_limited"],
  },
  "GET /api/session": { answers: { 200: USER } },
  "DELETE /api/session": { answers: { 204: null } },
  "GET /api/sessions": { answers: { 200: "sessions[createdAt current device deviceId expiresAt id]" } },
  "DELETE /api/sessions/{id}": { answers: { 204: null } },
  "POST /api/password-resets": { takes: "email", answers: { 202: null }, problems: ["rate_limited"] },
  "PUT /api/password-resets": { takes: "password token", answers: { 204: null }, problems: ["rate_limited"] },
  "PUT /api/user/password": {
    takes: "currentPassword newPassword",
    answers: { 204: null },
    problems: ["wrong_credentials", "rate_limited"],
  },
  "GET /api/pads": { answers: { 200: "pads[createdAt id name noteCount updatedAt version]" } },
  "POST /api/pads": {
    takes: "id? name",
    answers: { 201: PAD, 200: PAD },
    problems: ["conflict", "too_many_pads"],
  },
  "GET /api/pads/{id}": { answers: { 200: PAD } },
  "PATCH /api/pads/{id}": {
    takes: "name",
    answers: { 200: PAD },
    problems: ["version_required", "version_mismatch"],
  },
  "DELETE /api/pads/{id}": { answers: { 204: null } },
  "GET /api/notes": {
    query: `archived ${PAGE} order pad pinned q tag updatedAfter updatedBefore`,
    answers: { 200: `nextCursor notes[${LISTED_NOTE}] total` },
    problems: ["not_found", "rate_limited"],
  },
  "POST /api/notes": {
    takes: "id? name named? padId? text words?",
    answers: { 201: NOTE, 200: NOTE },
    problems: ["conflict", "quota_exceeded", "rate_limited"],
  },
  "GET /api/notes/{id}": { answers: { 200: `linkedFrom[id name] ${NOTE}` } },
  "PATCH /api/notes/{id}": {
    takes: "kind? name? named? padId? text? words?",
    answers: { 200: NOTE },
    problems: ["version_required", "version_mismatch", "quota_exceeded", "rate_limited"],
  },
  "DELETE /api/notes/{id}": { answers: { 204: null } },
  "PUT /api/notes/{id}/marks": {
    takes: "archived? pinned?",
    answers: { 200: "note{archivedAt id pinnedAt}" },
  },
  "PUT /api/notes/marks": {
    takes: "archived? ids pinned?",
    members: 400,
    answers: { 200: "notes[archivedAt id pinnedAt]" },
  },
  "POST /api/notes/move": {
    takes: "notes",
    members: 400,
    answers: { 200: "notes[id padId updatedAt version]" },
    problems: ["rate_limited"],
  },
  "POST /api/notes/delete": { takes: "ids", members: 400, answers: { 200: "notes[id version]" } },
  "POST /api/notes/restore": {
    takes: "ids",
    members: 400,
    answers: { 200: "notes[id version]" },
    problems: ["rate_limited"],
  },
  "GET /api/search": {
    query: "archived limit pad q tag updatedAfter updatedBefore",
    answers: {
      200: `found[archivedAt createdAt device deviceId id inName[] inSnippet[] name named padId pinnedAt snippet updatedAt version]`,
    },
    problems: ["not_found", "rate_limited"],
  },
  "GET /api/places": {
    answers: {
      200: `archived notes pads[createdAt id name noteCount updatedAt version] pinned tags[name noteCount] trash`,
    },
  },
  "GET /api/notes/{id}/revisions": {
    query: PAGE,
    answers: { 200: `nextCursor revisions[${STATE}] total` },
  },
  "GET /api/notes/{id}/revisions/{version}": {
    answers: { 200: `revision{${STATE.replace("version", "text version")}}` },
  },
  "POST /api/notes/{id}/revisions/{version}/restore": { answers: { 200: NOTE }, problems: ["rate_limited"] },
  "GET /api/trash": {
    query: `${PAGE} pad q`,
    answers: {
      200: `nextCursor notes[archivedAt createdAt deletedAt device deviceId excerpt id name named padId pinnedAt recoverableUntil updatedAt version] pads[createdAt deletedAt id name noteCount recoverableUntil updatedAt version] total`,
    },
    problems: ["not_found", "rate_limited"],
  },
  "POST /api/trash/notes/{id}/restore": {
    takes: "padId?",
    answers: { 200: NOTE },
    problems: ["conflict", "rate_limited"],
  },
  "POST /api/trash/pads/{id}/restore": { answers: { 200: PAD } },
  "DELETE /api/trash/notes/{id}": {
    takes: "password",
    answers: { 204: null },
    problems: ["wrong_credentials", "rate_limited"],
  },
  "DELETE /api/trash/pads/{id}": {
    takes: "password",
    answers: { 202: "remaining", 204: null },
    problems: ["wrong_credentials", "rate_limited"],
  },
  "GET /api/history": {
    query: "at cursor limit pad",
    answers: {
      200: "firstAt nextCursor notes[createdAt differs excerpt id name named padId updatedAt version] pads[id name] total",
    },
    problems: ["not_found"],
  },
  "GET /api/history/notes/{id}": {
    query: "at",
    answers: { 200: "note{createdAt id name named padId tags[] text updatedAt version}" },
  },
  "POST /api/history/restore": {
    takes: "at ids",
    members: 108,
    answers: { 200: "notes[id version]" },
    problems: ["rate_limited"],
  },
  "GET /api/history/verify": { query: "cursor", answers: { 200: VERIFIED } },
  "GET /api/notes/{id}/verify": { query: "cursor", answers: { 200: VERIFIED } },
  "GET /api/health": { answers: { 200: "status" } },
  "GET /api/openapi.json": { answers: { 200: "openapi" } },
};

/** The statuses that a route may answer, by the contract's rules for all routes. */
function agreedStatuses(route: string, { takes, answers, problems = [] }: Agreed): number[] {
  const [method = "", path = ""] = route.split(" ");
  const open =
    /^(POST \/api\/(users|session|password-resets)|PUT \/api\/password-resets|DELETE \/api\/session|GET \/api\/(health|openapi\.json))$/;
  const codes: ProblemCode[] = ["forbidden_origin", "invalid_input", "internal", ...problems];
  if (!open.test(route)) codes.push("unauthenticated");
  if (path.includes("{")) codes.push("not_found");
  if (method !== "GET") codes.push("too_large", "unsupported_media_type", "malformed");
  if (!open.test(route) || takes || route === "DELETE /api/session") codes.push("unavailable");
  const statuses = [...Object.keys(answers).map(Number), ...codes.map((code) => STATUSES[code])];
  return [...new Set(statuses)].sort();
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}
interface Described {
  parameters?: { in: string; name: string }[];
  requestBody?: { description?: string; content: { "application/json": { schema: Schema } } };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

const document: {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
} = JSON.parse(text);

const served = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => [`${method.toUpperCase()} ${path}`, one] as const),
);

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}

/** The fields of a body: `id? name`. */
function takenBy(schema: Schema): string {
  const { properties = {}, required = [] } = resolved(schema);
  const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
  return names.sort().join(" ");
}

/** The members of an answer, and their members: `nextCursor notes[id name]`. */
function shapeOf(schema: Schema): string {
  const { properties = {}, required = [] } = resolved(schema);
  const parts = Object.entries(properties).map(([name, member]) => {
    const { type, items, properties: inner } = resolved(member);
    const shown = required.includes(name) ? name : `${name}?`;
    if (type === "array" && items) return `${shown}[${shapeOf(items)}]`;
    return inner ? `${shown}{${shapeOf(member)}}` : shown;
  });
  return parts.sort().join(" ");
}

test("the document has the contract's routes, and no other", () => {
  expect(served.map(([route]) => route).sort()).toEqual(Object.keys(CONTRACT).sort());
});

test.each(Object.entries(CONTRACT))("%s takes and answers what the contract says", (route, agreed) => {
  const [, one] = served.find(([name]) => name === route) ?? [];
  const body = one?.requestBody?.content["application/json"].schema;
  const query = one?.parameters?.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const answers = Object.entries(one?.responses ?? {}).filter(([status]) => Number(status) < 300);

  expect({
    takes: body && takenBy(body),
    query: query?.sort().join(" ") || undefined,
    answers: Object.fromEntries(
      answers.map(([status, { content = {} }]) => {
        const [[type = null, { schema = {} } = {}] = []] = Object.entries(content);
        return [status, type === "application/json" ? shapeOf(schema) : type];
      }),
    ),
    statuses: Object.keys(one?.responses ?? {})
      .map(Number)
      .sort(),
  }).toEqual({
    takes: agreed.takes,
    query: agreed.query,
    answers: agreed.answers,
    statuses: agreedStatuses(route, agreed),
  });
});

test("only the routes that take a text take more than 16 KiB, and only those that take a selection many members", () => {
  const limits = served.flatMap(([route, { requestBody }]) =>
    requestBody ? [[route, requestBody.description]] : [],
  );

  expect(Object.fromEntries(limits)).toEqual(
    Object.fromEntries(
      Object.entries(CONTRACT).flatMap(([route, { takes, members = 100 }]) => {
        const kibibytes = takes?.includes("text") ? 4096 : 16;
        return takes ? [[route, `At most ${kibibytes * 1024} bytes and ${members} members.`]] : [];
      }),
    ),
  );
});

test("a problem carries a code for each message", () => {
  const { properties = {}, required } = document.components.schemas.Problem ?? {};

  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(["type", "title", "status", "code", "detail", "fields", "codes", "requestId"]),
  );
  expect(required).not.toContain("codes");
});
