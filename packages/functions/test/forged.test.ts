// Whatever somebody writes into a cursor or a parameter, the answer says that it is wrong, or that nothing is there. It is never a 500.
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addStates } from "../src/jobs/testing/run.ts";
import { pathFor, queryFor, ROUTES, type Route, type Things, thingsOfNewUser } from "./routes.ts";
import { newNote, newPad, type Service, startService } from "./service.ts";

let service: Service;
let mine: Things;
/** A second page of each route that has pages, as its own first page names it. */
let cursors: Map<string, string>;
/** A time at which there were notes. */
let at: string;

const PAGED = ROUTES.filter(({ operation }) => operation.query && "cursor" in operation.query.shape);
const WITH_PARAMETERS = ROUTES.filter(({ operation }) => operation.path || operation.query);
const QUERY_NAMES = [
  ...new Set(ROUTES.flatMap(({ operation }) => Object.keys(operation.query?.shape ?? {}))),
];

beforeAll(async () => {
  service = await startService();
  mine = await thingsOfNewUser(service);
  await newPad(mine.browser);
  for (let i = 0; i < 2; i++) {
    const { id } = await newNote(mine.browser, { padId: mine.pad });
    await mine.browser.delete(`/api/notes/${id}`);
    await newNote(mine.browser);
  }
  // More states than a page of the verification has.
  await addStates(service, mine.note, { count: 300, from: new Date(), apart: "1 millisecond" });
  at = new Date().toISOString();
  cursors = new Map(
    await Promise.all(PAGED.map(async (route) => [route.name, await secondPageOf(route)] as const)),
  );
});
afterAll(() => service?.close());

/** The query of a valid request. */
function validQuery(route: Route): Record<string, string> {
  const needed = Object.fromEntries(new URLSearchParams(queryFor(route)));
  return "at" in needed ? { ...needed, at } : needed;
}

async function secondPageOf(route: Route): Promise<string> {
  const query = new URLSearchParams(validQuery(route));
  if ("limit" in (route.operation.query?.shape ?? {})) query.set("limit", "1");
  const { body } = await mine.browser.get(`${pathFor(route, mine)}?${query}`);
  if (!body.nextCursor) throw new Error(`${route.name} has no second page`);
  return body.nextCursor;
}

// --- what is forged -------------------------------------------------------------------------------------------------------

const NUMBERS = [0, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e21, 1e308];
const TEXTS = [
  "",
  "0",
  "-1",
  "1e3",
  "2147483647",
  "2147483648",
  "9007199254740993",
  "١",
  "\0",
  "\ud800",
  "%00",
  "%",
  "'",
  "\\",
  "null",
  "none",
  "first",
  "infinity",
  "-infinity",
  "now",
  "0000-01-01T00:00:00.000Z",
  "0001-01-01T00:00:00.000Z",
  "2026-02-30T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "00".repeat(32),
  "x".repeat(3000),
];

const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
);
const value = fc.oneof(
  fc.constantFrom<fc.JsonValue>(...NUMBERS, null, true, false, [], {}),
  text,
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value of JSON with one of its parts, drawn by `which`, in place of which there is another. */
function withOther(json: unknown, which: number, other: unknown): unknown {
  const nodes = (of: unknown): number =>
    Array.isArray(of) ? of.reduce<number>((all, one) => all + nodes(one), 1) : 1;
  let left = which % nodes(json);
  const replaced = (of: unknown): unknown => {
    if (left-- === 0) return other;
    return Array.isArray(of) ? of.map((one) => (left < 0 ? one : replaced(one))) : of;
  };
  return replaced(json);
}

const encoded = (json: unknown) => Buffer.from(JSON.stringify(json) ?? "").toString("base64url");
const decoded = (cursor: string) => JSON.parse(Buffer.from(cursor, "base64url").toString());

/** How a cursor is forged: a part of it is replaced, or a part of another route's cursor, or it is made up. */
const forgery = fc.oneof(
  { weight: 8, arbitrary: fc.record({ which: fc.nat(), other: value, of: fc.constant(-1) }) },
  { weight: 2, arbitrary: fc.record({ which: fc.nat(), other: value, of: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ json: fc.jsonValue() }) },
  { weight: 1, arbitrary: fc.record({ raw: text }) },
);
type Forgery = typeof forgery extends fc.Arbitrary<infer T> ? T : never;

function forged(route: Route, forgery: Forgery): string {
  if ("raw" in forgery) return forgery.raw;
  if ("json" in forgery) return encoded(forgery.json);
  const own = cursors.get(route.name) ?? "";
  const cursor = forgery.of < 0 ? own : ([...cursors.values()][forgery.of % cursors.size] ?? "");
  return encoded(withOther(decoded(cursor), forgery.which, forgery.other));
}

async function expectNoFault(method: string, path: string, query: Record<string, string>): Promise<void> {
  const search = new URLSearchParams(query).toString();
  const { status, body } = await mine.browser.request(method, search ? `${path}?${search}` : path, undefined);

  expect(status, `${method} ${path} ${JSON.stringify(query)}`).toBeLessThan(500);
  if (status >= 400) expect(body.code).not.toBe("internal");
}

test.each(PAGED)("$name answers no cursor with 500", async (route) => {
  await fc.assert(
    fc.asyncProperty(forgery, async (forgery) => {
      const query = { ...validQuery(route), cursor: forged(route, forgery) };
      await expectNoFault("GET", pathFor(route, mine), query);
    }),
    // The version in a cursor of a verification, beyond what the database can compare.
    { seed: 20_261_202, numRuns: 200, examples: [[{ which: 5, other: 2 ** 31, of: -1 }]] },
  );
});

test("no route answers any of its parameters with 500", async () => {
  const request = fc.constantFrom(...WITH_PARAMETERS).chain((route) =>
    fc.record({
      route: fc.constant(route),
      path: fc.record({ id: text, version: text }),
      // A change with all of its own ids would be made.
      isPathForged: route.method === "GET" ? fc.boolean() : fc.constant(route.operation.path !== undefined),
      query: fc.dictionary(
        fc.constantFrom(...Object.keys(route.operation.query?.shape ?? {}), ...QUERY_NAMES),
        text,
        {
          minKeys: 1,
          maxKeys: 3,
        },
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(request, async ({ route, path, isPathForged, query }) => {
      const segment = (one: string) => encodeURIComponent(one.toWellFormed());
      const target = isPathForged
        ? route.path.replace(":id", () => segment(path.id)).replace(":version", () => segment(path.version))
        : pathFor(route, mine);
      await expectNoFault(route.method, target, { ...validQuery(route), ...query });
    }),
    { seed: 20_261_202, numRuns: 500 },
  );
});

test.each(["0", "2147483648", "9007199254740993", "1e3"])(
  "there is no version %s of a note",
  async (version) => {
    const path = `/api/notes/${mine.note}/revisions/${version}`;

    expect((await mine.browser.get(path)).status).toBe(404);
    expect((await mine.browser.post(`${path}/restore`)).status).toBe(404);
  },
);
