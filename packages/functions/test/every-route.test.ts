// What is true of every route, whatever it does: which requests are let through to it, and in which order that is
// decided.
import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BODY_MAX_BYTES } from "../src/api/http/body.ts";
import { ORIGIN_SECRET_HEADER } from "../src/distribution-headers.ts";
import { bodyFor, fieldsOf, pathFor, ROUTES, send, type Things, thingsOfSomebody } from "./routes.ts";
import { Browser, newNote, PASSWORD, type Service, somebody, startService } from "./service.ts";

let service: Service;
let things: Things;
let other: Browser;
beforeAll(async () => {
  service = await startService();
  things = await thingsOfSomebody(service);
  other = await somebody(service);
});
afterAll(() => service?.close());

/** A cookie that is well made and no session's. */
function strangerWithCookie(): Browser {
  const stranger = new Browser(service);
  stranger.cookies.set("__Host-notejam", "x".repeat(43));
  return stranger;
}

const TOO_LARGE = "x".repeat(BODY_MAX_BYTES + 1);

const SAFE = ROUTES.filter(({ method }) => method === "GET");
const UNSAFE = ROUTES.filter(({ method }) => method !== "GET");
const WITH_BODY = ROUTES.filter(({ operation }) => operation.body);
const WITH_SESSION = ROUTES.filter(({ operation }) => operation.session === "required");
const WITH_ID = ROUTES.filter(({ operation }) => operation.path);
const WITH_VERSION = ROUTES.filter(({ operation }) => operation.ifMatch);

describe.each(UNSAFE)("$name", (route) => {
  test.each(["{", "nul", "{}{}", Buffer.from([0x22, 0xff, 0x22])])(
    "refuses what is no JSON as malformed: %j",
    async (raw) => {
      const { status, body } = await send(route, things, { raw });

      expect([status, body.code]).toEqual([400, "malformed"]);
    },
  );

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""])(
    "refuses a body of type %j",
    async (type) => {
      const { status, body } = await send(route, things, { body: {}, headers: { "Content-Type": type } });

      expect([status, body.code]).toEqual([415, "unsupported_media_type"]);
    },
  );

  test("refuses a body over 4 MiB", async () => {
    const { status, body } = await send(route, things, { raw: TOO_LARGE });

    expect([status, body.code]).toEqual([413, "too_large"]);
  });

  test.each(["null", "[]", '"text"', "17"])("refuses a body that is %s", async (raw) => {
    const { status, body } = await send(route, things, { raw });

    expect([status, body.fields]).toEqual([422, { body: ["The body must be a JSON object"] }]);
  });

  test("refuses an unknown field by its name, and a field that is given twice", async () => {
    const json = JSON.stringify({ ...bodyFor(route), unknown: 1 }).replace(
      /}$/,
      ',"constructor":{},"unknown":2}',
    );

    const { status, body } = await send(route, things, { raw: json });

    expect([status, body.fields, body.codes]).toEqual([
      422,
      { unknown: ["Sent more than once", "Unknown field"], constructor: ["Unknown field"] },
      { unknown: ["duplicate", "unknown"], constructor: ["unknown"] },
    ]);
  });

  test.each([
    { Origin: "https://evil.example.com", "Sec-Fetch-Site": "cross-site" },
    { Origin: "https://notes.example.com.evil.example.com" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "same-site" },
  ])("refuses what another site makes a browser send: %j", async (headers) => {
    const { status, body, line } = await send(route, things, { headers });

    expect([status, body.code, line.dataApiCalls]).toEqual([403, "forbidden_origin", 0]);
  });
});

describe.each(WITH_BODY.filter(({ operation }) => !operation.bodyOptional))("$name", (route) => {
  test("refuses a request without its body as malformed", async () => {
    const { status, body } = await send(route, things, { raw: "" });

    expect([status, body.code]).toEqual([400, "malformed"]);
  });
});

describe.each(WITH_BODY)("$name", (route) => {
  test.each(fieldsOf(route))("refuses a wrong type of %s by its name", async (field) => {
    const right = bodyFor(route)?.[field];
    for (const wrong of [17, true, [], {}, ["a"]].filter(
      (one) => typeof one !== typeof right || right === null,
    )) {
      const { status, body } = await send(route, things, { body: { ...bodyFor(route), [field]: wrong } });

      expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [field]]);
      expect(body.codes?.[field]).toHaveLength(body.fields?.[field]?.length ?? 0);
    }
  });

  test.each(fieldsOf(route))("refuses characters in %s that can't be kept, by its name", async (field) => {
    for (const text of ["nul\0", "\ud800", "\udc00\ud800", "a\0b@example.com"]) {
      const { status, body } = await send(route, things, { body: { ...bodyFor(route), [field]: text } });

      expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [field]]);
    }
  });
});

describe.each(ROUTES)("$name", (route) => {
  test("refuses unknown and repeated parameters by their names", async () => {
    const { status, body } = await send(route, things, { query: "?unknown=1&constructor=2&unknown=3" });

    expect([status, body.fields]).toEqual([
      422,
      { unknown: ["Sent more than once", "Unknown parameter"], constructor: ["Unknown parameter"] },
    ]);
  });

  test("refuses what did not come through the distribution", async () => {
    for (const headers of [{ [ORIGIN_SECRET_HEADER]: "" }, { [ORIGIN_SECRET_HEADER]: "guessed" }]) {
      const { status, body, line } = await send(route, things, { headers });

      expect([status, body.code, line.dataApiCalls]).toEqual([403, "forbidden_origin", 0]);
    }
  });
});

describe.each(SAFE)("$name", (route) => {
  test("does not look at a body that comes along", async () => {
    const { status } = await send(route, things, { raw: "{" });

    expect(status).toBe(200);
  });
});

describe.each(WITH_SESSION)("$name", (route) => {
  test("asks for a session, without a call to the database where there is no cookie", async () => {
    const planted = new Browser(service);
    planted.cookies.set("notejam", [...things.browser.cookies.values()][0] ?? "");
    planted.cookies.set("__Host-notejam", "not a token");

    for (const browser of [new Browser(service), planted]) {
      const { status, body, line } = await send(route, things, { browser });

      expect([status, body.code, line.dataApiCalls]).toEqual([401, "unauthenticated", 0]);
    }
  });

  test("asks for a session that lives", async () => {
    const { status, body, line } = await send(route, things, { browser: strangerWithCookie() });

    expect([status, body.code, line.dataApiCalls]).toEqual([401, "unauthenticated", 1]);
  });
});

describe.each(WITH_ID)("$name", (route) => {
  test("does not find what is another's", async () => {
    const { status, body } = await send(route, things, { browser: other });

    expect([status, body.code]).toEqual([404, "not_found"]);
  });

  test.each(["1", "x", "%00", `${randomUUID()}x`])("does not find what has no UUID: %s", async (id) => {
    const path = route.path.replace(":id", id).replace(":version", "1");

    const { status, line } = await things.browser.request(route.method, path, bodyFor(route), {
      version: 1,
    });

    expect([status, line.dataApiCalls]).toEqual([404, 0]);
  });
});

describe.each(WITH_ID.filter(({ path }) => path.includes(":version")))("$name", (route) => {
  test.each(["0", "01", "x", "-1", "1.5", "2147483648", "99999999999999999999"])(
    "does not find a version %s",
    async (version) => {
      const path = route.path.replace(":id", things.note).replace(":version", version);

      const { status, line } = await things.browser.request(route.method, path);

      expect([status, line.dataApiCalls]).toEqual([404, 0]);
    },
  );
});

describe.each(WITH_VERSION)("$name", (route) => {
  test("asks for the version that the change is based on", async () => {
    const { status, body } = await send(route, things, { version: undefined });

    expect([status, body.code]).toEqual([428, "version_required"]);
  });

  test.each(["", "1", '""', '"0"', '"01"', 'W/"1"', "*", '"1", "2"', '"1.0"', '"2147483648"', '"-1"'])(
    "refuses the version %j",
    async (version) => {
      const headers = { "If-Match": version };

      const { status, body } = await send(route, things, { version: undefined, headers });

      expect([status, Object.keys(body.fields ?? {})]).toEqual([422, ["If-Match"]]);
    },
  );
});

test("the checks go in the contract's order: each request is right in one thing more than the one before", async () => {
  const note = await newNote(things.browser);
  const evil = { Origin: "https://evil.example.com" };
  const text = { "Content-Type": "text/plain" };
  const nobody = new Browser(service);
  const wrong = "/api/notes/x?unknown=1";
  const right = `/api/notes/${note.id}?unknown=1`;
  const mine = things.browser;

  const answers = [
    await nobody.patch(wrong, undefined, { raw: TOO_LARGE, headers: { ...evil, ...text } }),
    await nobody.patch(wrong, undefined, { raw: TOO_LARGE, headers: text }),
    await mine.patch(wrong, undefined, { raw: TOO_LARGE, headers: text }),
    await mine.patch(right, undefined, { raw: TOO_LARGE, headers: text }),
    await mine.patch(right, undefined, { raw: "{", headers: text }),
    await mine.patch(right, undefined, { raw: "{" }),
    await mine.patch(right, { name: "" }),
    await mine.patch(right, { name: "" }, { version: 0 }),
    await strangerWithCookie().patch(`/api/notes/${randomUUID()}`, { name: "Bread" }, { version: 9 }),
    await mine.patch(`/api/notes/${randomUUID()}`, { name: "Bread" }, { version: 9 }),
    await mine.patch(`/api/notes/${note.id}`, { name: "Bread" }, { version: 9 }),
    await mine.patch(`/api/notes/${note.id}`, { name: "Bread" }, { version: 1 }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([
    403, 401, 404, 413, 415, 400, 428, 422, 401, 404, 412, 200,
  ]);
  expect(answers[7]?.body.fields).toEqual({
    "If-Match": [expect.any(String)],
    unknown: ["Unknown parameter"],
    name: ["Name is required"],
  });
});

test("a body of exactly 4 MiB is looked at", async () => {
  const { status } = await things.browser.post("/api/notes", undefined, { raw: TOO_LARGE.slice(1) });

  expect(status).toBe(400);
});

test("whatever is sent, no answer is 500, and each is one that the document describes", async () => {
  const mine = await thingsOfSomebody(service);
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.constant("Milk"));
  const value = fc.oneof(text, fc.jsonValue(), fc.constantFrom(null, mine.pad, mine.note, PASSWORD));
  const requests = fc.constantFrom(...ROUTES).chain((route) =>
    fc.record({
      route: fc.constant(route),
      body: fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record(Object.fromEntries(fieldsOf(route).map((name) => [name, value])), {
            requiredKeys: [],
          }),
        },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      id: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(mine.note, mine.pad, mine.trashedNote) },
        fc.uuid(),
        text.map(encodeURIComponent),
      ),
      version: fc.oneof(
        fc.nat().map((number) => `"${number}"`),
        fc.stringMatching(/^[ -~]*$/),
      ),
      query: fc.oneof(
        { weight: 3, arbitrary: fc.constant("") },
        fc
          .dictionary(fc.constantFrom("q", "pad", "cursor", "order", "limit"), text)
          .map((query) => `?${new URLSearchParams(query)}`),
        fc.stringMatching(/^\?[!-~]*$/),
      ),
    }),
  );

  await fc.assert(
    fc.asyncProperty(requests, async ({ route, body, id, version, query }) => {
      const path = route.path.replace(":id", id).replace(":version", "1");

      // The session stays, so that the requests after this one get somewhere.
      if (route.path === "/api/session" && route.method === "DELETE") return;
      const { status } = await mine.browser.request(route.method, path + query, body, {
        headers: { "If-Match": version },
      });

      expect(status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});

test("a change from a program, which sends neither header, passes", async () => {
  const headers = { Origin: undefined, "Sec-Fetch-Site": undefined };

  const { status } = await things.browser.post("/api/pads", { name: "By a program" }, { headers });

  expect(status).toBe(201);
});

test.each([
  ["GET", "/api/nothing", undefined],
  ["GET", "/api/notes/", undefined],
  ["GET", "/", undefined],
  ["PUT", "/api/notes", "GET, HEAD, POST"],
  ["DELETE", "/api/user", undefined],
  ["DELETE", `/api/trash/notes/${randomUUID()}`, undefined],
  ["GET", "/api/export", undefined],
  ["OPTIONS", "/api/session", "POST, GET, HEAD, DELETE"],
])("%s %s is not found", async (method, path, allow) => {
  const { status, body, headers } = await things.browser.request(method, path);

  expect([status, body.code, headers.allow]).toEqual([404, "not_found", allow]);
});

test("a path that is not UTF-8 is refused by API Gateway", async () => {
  const { status, line } = await things.browser.get("/api/notes/%ff");

  expect([status, line]).toEqual([400, null]);
});

test("a HEAD is a GET without its body", async () => {
  const { status, text, headers } = await things.browser.request(
    "HEAD",
    pathFor(route("GET /api/notes/:id"), things),
  );

  expect([status, text, headers.etag]).toEqual([200, "", '"1"']);
});

function route(name: string) {
  const found = ROUTES.find((one) => one.name === name);
  if (!found) throw new Error(`There is no route ${name}.`);
  return found;
}

test.each(ROUTES)("$name takes the request that these tests vary", async (route) => {
  // There is no such account, and no such link.
  const refused: Record<string, number> = { "POST /api/session": 401, "PUT /api/password-resets": 422 };

  const { status } = await send(route, await thingsOfSomebody(service));

  if (route.name in refused) expect(status).toBe(refused[route.name]);
  else expect(status).toBeLessThan(300);
});
