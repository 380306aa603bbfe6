// The rules for every route: which requests it refuses, and in which order it checks them.
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MEMBERS_MAX } from "../src/api/http/body.ts";
import { limitsOf } from "../src/api/http/operation.ts";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "../src/distribution-headers.ts";
import {
  bodyFor,
  fieldsOf,
  pathFor,
  ROUTES,
  type Route,
  send,
  type Things,
  thingsOfNewUser,
} from "./routes.ts";
import { Browser, newNote, newUser, PASSWORD, type Service, SITE_ORIGIN, startService } from "./service.ts";

let service: Service;
let things: Things;
let other: Browser;
beforeAll(async () => {
  service = await startService();
  things = await thingsOfNewUser(service);
  other = await newUser(service);
});
afterAll(() => service?.close());

/** A browser whose cookie has a well-formed but unknown token. */
function browserWithUnknownToken(): Browser {
  const browser = new Browser(service);
  browser.cookies.set("__Host-notejam", "x".repeat(43));
  return browser;
}

/** Bytes that a body of the route may have. */
const limitOf = ({ operation }: Route) => limitsOf(operation).maxBytes;

/** A JSON object with so many members that no route has. */
function membersOf(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`unknown${i}`, 1])));
}

const SAFE = ROUTES.filter(({ method }) => method === "GET");
const UNSAFE = ROUTES.filter(({ method }) => method !== "GET");
const WITH_BODY = ROUTES.filter(({ operation }) => operation.body);
const WITH_SESSION = ROUTES.filter(({ operation }) => operation.session === undefined);
const WITH_ID = ROUTES.filter(({ operation }) => operation.path);
const WITH_VERSION = ROUTES.filter(({ operation }) => operation.ifMatch);

describe.each(UNSAFE)("$name", (route) => {
  test.each(["{", "nul", "{}{}", Buffer.from([0x22, 0xff, 0x22])])(
    "refuses a body that is not JSON as malformed: %j",
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

  test.each(["gzip", "br", "deflate", "identity, gzip"])(
    "refuses a body with the Content-Encoding %s",
    async (coding) => {
      const headers = { "Content-Encoding": coding };
      for (const raw of [gzipSync(JSON.stringify(bodyFor(route) ?? {})), "{}"]) {
        const { status, body, line } = await send(route, things, { raw, headers });

        expect([status, body.code, line.dataApiCalls]).toEqual([415, "unsupported_media_type", 0]);
        expect(body.detail).toContain("Content-Encoding");
      }
    },
  );

  test.each(["", "identity", "Identity"])("reads a body with the Content-Encoding %j", async (coding) => {
    const { status } = await send(route, things, { raw: "{", headers: { "Content-Encoding": coding } });

    expect(status).toBe(400);
  });

  test("refuses a body over its limit whatever the cookie is, and parses one of that size", async () => {
    const most = "x".repeat(limitOf(route));
    for (const browser of [things.browser, browserWithUnknownToken()]) {
      const more = await send(route, things, { browser, raw: `${most}x` });
      const fits = await send(route, things, { browser, raw: most });

      expect([more.status, more.body.code, more.line.dataApiCalls]).toEqual([413, "too_large", 0]);
      expect([fits.status, fits.body.code]).toEqual([400, "malformed"]);
    }
  });

  test("refuses a body with too many members, and names the members of a body with as many as are allowed", async () => {
    const { membersMax } = limitsOf(route.operation);
    const message = `The body has too many members (${membersMax} at most)`;
    for (const browser of [things.browser, browserWithUnknownToken()]) {
      const more = await send(route, things, { browser, raw: membersOf(membersMax + 1) });
      const nested = await send(route, things, { browser, raw: `{"name":${membersOf(membersMax)}}` });
      const elements = await send(route, things, { browser, raw: `[${"[],".repeat(membersMax)}0]` });
      const most = await send(route, things, { browser, raw: membersOf(membersMax) });

      for (const { status, body, line } of [more, nested, elements]) {
        expect([status, body.fields, body.codes]).toEqual([422, { body: [message] }, { body: ["too_long"] }]);
        expect(line.dataApiCalls).toBe(0);
      }
      expect([most.status, most.body.fields]).toMatchObject([422, { unknown0: ["Unknown field"] }]);
    }
  });

  test.each(["null", "[]", '"text"', "17"])("refuses a body that is %s", async (raw) => {
    const { status, body } = await send(route, things, { raw });

    expect([status, body.fields]).toEqual([422, { body: ["The body must be a JSON object"] }]);
  });

  test("refuses unknown and repeated fields by their names", async () => {
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
  ])("refuses a request that another site makes a browser send: %j", async (headers) => {
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
  test.each(fieldsOf(route))("refuses %s of a wrong type by its name", async (field) => {
    const right = bodyFor(route)?.[field];
    for (const wrong of [17, true, [], {}, ["a"]].filter(
      (one) => typeof one !== typeof right || right === null,
    )) {
      const { status, body } = await send(route, things, { body: { ...bodyFor(route), [field]: wrong } });

      expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [field]]);
      expect(body.codes?.[field]).toHaveLength(body.fields?.[field]?.length ?? 0);
    }
  });

  test.each(fieldsOf(route))("refuses characters in %s that can't be stored, by its name", async (field) => {
    for (const text of ["nul\0", "\ud800", "\udc00\ud800", "a\0b@example.com"]) {
      const { status, body } = await send(route, things, { body: { ...bodyFor(route), [field]: text } });

      expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [field]]);
    }
  });
});

describe.each(WITH_BODY.filter((route) => fieldsOf(route).includes("name")))("$name", (route) => {
  test("refuses control characters in a name, by its name", async () => {
    for (const name of ["a\tb", "a\nb", "a\rb", "a\u001bb", "a\u0085b", "a\u2028b", "a\u2029b"]) {
      const { status, body } = await send(route, things, { body: { ...bodyFor(route), name } });

      expect([status, body.codes]).toEqual([422, { name: ["unstorable"] }]);
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

  test("refuses a request that did not come through the distribution", async () => {
    for (const headers of [{ [ORIGIN_SECRET_HEADER]: "" }, { [ORIGIN_SECRET_HEADER]: "guessed" }]) {
      const { status, body, line } = await send(route, things, { headers });

      expect([status, body.code, line.dataApiCalls]).toEqual([403, "forbidden_origin", 0]);
    }
  });
});

describe.each(SAFE)("$name", (route) => {
  test("ignores a body", async () => {
    const { status } = await send(route, things, { raw: "{" });

    expect(status).toBe(200);
  });
});

describe.each(WITH_SESSION)("$name", (route) => {
  test("needs a session, and makes no call to the database without a cookie", async () => {
    const planted = new Browser(service);
    planted.cookies.set("notejam", [...things.browser.cookies.values()][0] ?? "");
    planted.cookies.set("__Host-notejam", "not a token");

    for (const browser of [new Browser(service), planted]) {
      const { status, body, line } = await send(route, things, { browser });

      expect([status, body.code, line.dataApiCalls]).toEqual([401, "unauthenticated", 0]);
    }
  });

  test("needs a session that exists", async () => {
    const { status, body, line } = await send(route, things, { browser: browserWithUnknownToken() });

    expect([status, body.code, line.dataApiCalls]).toEqual([401, "unauthenticated", 1]);
  });
});

describe.each(WITH_ID)("$name", (route) => {
  test("does not find things of another user", async () => {
    const { status, body } = await send(route, things, { browser: other });

    expect([status, body.code]).toEqual([404, "not_found"]);
  });

  test.each(["1", "x", "%00", "%", "%ff", "%c3%28", `${randomUUID()}x`, `${randomUUID()}%ff`])(
    "does not find an id that is not a UUID: %s",
    async (id) => {
      const path = route.path.replace(":id", id).replace(":version", "1");

      const { status, body, line } = await things.browser.request(route.method, path, bodyFor(route), {
        version: 1,
      });

      expect([status, body.code, line.dataApiCalls]).toEqual([404, "not_found", 0]);
    },
  );
});

describe.each(WITH_ID.filter(({ path }) => path.includes(":version")))("$name", (route) => {
  test.each(["0", "01", "x", "-1", "1.5", "2147483648", "99999999999999999999"])(
    "does not find the version %s",
    async (version) => {
      const path = route.path.replace(":id", things.note).replace(":version", version);

      const { status, line } = await things.browser.request(route.method, path);

      expect([status, line.dataApiCalls]).toEqual([404, 0]);
    },
  );
});

describe.each(WITH_VERSION)("$name", (route) => {
  test("needs the version that the change is based on", async () => {
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

test("the checks are in the contract's order: each request corrects one more mistake than the one before", async () => {
  const note = await newNote(things.browser);
  const evil = { Origin: "https://evil.example.com" };
  const text = { "Content-Type": "text/plain" };
  const anonymous = new Browser(service);
  const wrong = "/api/notes/x?unknown=1";
  const right = `/api/notes/${note.id}?unknown=1`;
  const mine = things.browser;
  const tooLarge = "x".repeat(limitOf(route("PATCH /api/notes/:id")) + 1);

  const answers = [
    await anonymous.patch(wrong, undefined, { raw: tooLarge, headers: { ...evil, ...text } }),
    await anonymous.patch(wrong, undefined, { raw: tooLarge, headers: text }),
    await mine.patch(wrong, undefined, { raw: tooLarge, headers: text }),
    await mine.patch(right, undefined, { raw: tooLarge, headers: text }),
    await mine.patch(right, undefined, { raw: "{", headers: { "Content-Encoding": "gzip" } }),
    await mine.patch(right, undefined, { raw: "{", headers: text }),
    await mine.patch(right, undefined, { raw: "{" }),
    await mine.patch(right, undefined, { raw: membersOf(MEMBERS_MAX + 1) }),
    await mine.patch(right, { name: "" }),
    await mine.patch(right, { name: "" }, { version: 0 }),
    await browserWithUnknownToken().patch(`/api/notes/${randomUUID()}`, { name: "Bread" }, { version: 9 }),
    await mine.patch(`/api/notes/${randomUUID()}`, { name: "Bread" }, { version: 9 }),
    await mine.patch(`/api/notes/${note.id}`, { name: "Bread" }, { version: 9 }),
    await mine.patch(`/api/notes/${note.id}`, { name: "Bread" }, { version: 1 }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([
    403, 401, 404, 413, 415, 415, 400, 428, 428, 422, 401, 404, 412, 200,
  ]);
  expect(answers[9]?.body.fields).toEqual({
    "If-Match": [expect.any(String)],
    unknown: ["Unknown parameter"],
    name: ["Name is required"],
  });
});

test("a body of hundreds of thousands of names is refused before it is parsed", async () => {
  const parse = vi.spyOn(JSON, "parse");
  const raw = membersOf(200_000);

  const signIn = await new Browser(service).post("/api/session", undefined, { raw });
  const create = await browserWithUnknownToken().post("/api/notes", undefined, { raw });

  expect([signIn.status, create.status]).toEqual([413, 422]);
  expect(parse.mock.calls.filter(([text]) => text === raw)).toEqual([]);
  parse.mockRestore();
});

test("no request is answered with 500, and the document describes each answer", async () => {
  const mine = await thingsOfNewUser(service);
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.constant("Milk"));
  const id = fc.constantFrom(mine.note, mine.pad, mine.trashedNote);
  const value = fc.oneof(
    text,
    fc.jsonValue(),
    fc.constantFrom(null, mine.pad, mine.note, PASSWORD),
    fc.array(id),
    fc.array(fc.record({ id, padId: fc.oneof(id, fc.constant(null)) })),
  );
  const parameters = [
    ...new Set(ROUTES.flatMap(({ operation }) => Object.keys(operation.query?.shape ?? {}))),
  ];
  const parameter = fc.oneof(
    text,
    id,
    fc.constantFrom("first", "true", "garden", "2026-11-24T09:00:00.000Z"),
  );
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
          .dictionary(fc.constantFrom(...parameters), parameter)
          .map((query) => `?${new URLSearchParams(query)}`),
        fc.stringMatching(/^\?[!-~]*$/),
      ),
    }),
  );

  await fc.assert(
    fc.asyncProperty(requests, async ({ route, body, id, version, query }) => {
      const path = route.path.replace(":id", id).replace(":version", "1");

      // Signing out would make all later requests unauthenticated.
      if (route.path === "/api/session" && route.method === "DELETE") return;
      const { status } = await mine.browser.request(route.method, path + query, body, {
        headers: { "If-Match": version },
      });

      expect(status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});

test.each(["https://NOTES.example.COM", "https://notes.example.com:443", "HTTPS://notes.example.com"])(
  "a site whose origin the distribution sends as %s is the same site",
  async (origin) => {
    const { email } = await newUser(service);
    for (const Origin of [SITE_ORIGIN, origin, undefined]) {
      const headers = { [SITE_ORIGIN_HEADER]: origin, Origin };
      const { status, cookies } = await new Browser(service).post(
        "/api/session",
        { email, password: PASSWORD },
        { headers },
      );

      expect([status, cookies]).toEqual([
        201,
        [expect.stringMatching(/^__Host-notejam=/), expect.stringMatching(/^__Host-notejam-device=/)],
      ]);
    }
  },
);

test.each([{ [SITE_ORIGIN_HEADER]: "notes.example.com" }, { [CLIENT_ADDRESS_HEADER]: "none" }])(
  "a distribution that sends %j is an internal error before the first call of the database",
  async (headers) => {
    const { email } = things.browser;
    const signIn = { email, password: PASSWORD };

    const { status, line } = await new Browser(service).post("/api/session", signIn, {
      headers: { ...headers, Origin: undefined, "Sec-Fetch-Site": undefined },
    });

    expect([status, line.dataApiCalls]).toEqual([500, 0]);
    expect(JSON.stringify(line.error)).toContain(Object.keys(headers)[0]);
  },
);

test("a change without the headers of a browser is accepted", async () => {
  const headers = { Origin: undefined, "Sec-Fetch-Site": undefined };

  const { status } = await things.browser.post("/api/pads", { name: "By a program" }, { headers });

  expect(status).toBe(201);
});

test.each([
  ["GET", "/api/nothing", undefined],
  ["GET", "/api/notes/", undefined],
  ["GET", "/", undefined],
  ["GET", "/api/%c3%28", undefined],
  ["PUT", "/api/notes/%c3%28", "GET, HEAD, PATCH, DELETE"],
  ["PUT", "/api/notes", "GET, HEAD, POST"],
  ["DELETE", "/api/user", undefined],
  ["PUT", `/api/trash/notes/${randomUUID()}`, "DELETE"],
  ["GET", "/api/export", undefined],
  ["OPTIONS", "/api/session", "POST, GET, HEAD, DELETE"],
])("%s %s is not found", async (method, path, allow) => {
  const { status, body, headers } = await things.browser.request(method, path);

  expect([status, body.code, headers.allow]).toEqual([404, "not_found", allow]);
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
  if (!found) throw new Error(`No route is called ${name}.`);
  return found;
}

test.each(ROUTES)("$name accepts the request that these tests vary", async (route) => {
  // The account and the link don't exist.
  const refused: Record<string, number> = { "POST /api/session": 401, "PUT /api/password-resets": 422 };

  const { status } = await send(route, await thingsOfNewUser(service));

  if (route.name in refused) expect(status).toBe(refused[route.name]);
  else expect(status).toBeLessThan(300);
});
