import { ENV } from "@notejam/core/config";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { eventOf } from "../../../test/api-gateway.ts";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "../../distribution-headers.ts";
import type { ApiEnv } from "./context.ts";
import { clearSessionCookie, setSessionCookie, viewerFromCookie } from "./cookies.ts";
import { clientAddress, sameOrigin, siteOrigin, throughDistribution } from "./distribution.ts";
import { toAppError } from "./problem.ts";

const SECRET = "s3cret";
const TOKEN = "t".repeat(43);
const GATEWAY = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com";

/** Answers what the API trusts of a request. */
const app = new Hono<ApiEnv>()
  .use(throughDistribution, sameOrigin)
  .all("/", (c) =>
    c.json({ origin: siteOrigin(c), address: clientAddress(c), signedIn: viewerFromCookie(c) !== undefined }),
  )
  .all("/set", (c) => {
    setSessionCookie(c, TOKEN);
    return c.body(null);
  })
  .all("/clear", (c) => {
    clearSessionCookie(c);
    return c.body(null);
  })
  .onError((error, c) => c.json({ code: toAppError(error).code }));

function ask(headers: Record<string, string>, path = "/", method = "GET") {
  const event = eventOf({ method, target: path, headers, sourceIp: "203.0.113.9" });
  return app.request(`${GATEWAY}${path}`, { method, headers }, { event });
}

async function trusted(headers: Record<string, string>) {
  return (await ask(headers)).json();
}

const distribution = (origin: string) => ({
  [ORIGIN_SECRET_HEADER]: SECRET,
  [SITE_ORIGIN_HEADER]: origin,
  [CLIENT_ADDRESS_HEADER]: "198.51.100.7",
});

afterEach(() => vi.unstubAllEnvs());

describe("a stage with a distribution", () => {
  beforeEach(() => vi.stubEnv(ENV.originSecret, SECRET));

  test("takes the site's origin and the client's address from its headers", async () => {
    expect(await trusted(distribution("https://notes.example.com"))).toMatchObject({
      origin: "https://notes.example.com",
      address: "198.51.100.7",
    });
  });

  test.each([{}, { [ORIGIN_SECRET_HEADER]: "" }, { [ORIGIN_SECRET_HEADER]: "S3cret" }])(
    "refuses a request without its secret: %j",
    async (headers) => {
      expect(
        await trusted({
          ...distribution("https://notes.example.com"),
          [ORIGIN_SECRET_HEADER]: "",
          ...headers,
        }),
      ).toEqual({
        code: "forbidden_origin",
      });
    },
  );

  test.each([
    ["HTTPS://Notes.Example.COM", "https://notes.example.com"],
    ["https://notes.example.com:443", "https://notes.example.com"],
    ["https://notes.example.com:8443", "https://notes.example.com:8443"],
    ["http://LOCALHOST:4800", "http://localhost:4800"],
    ["http://localhost:80", "http://localhost"],
  ])("takes the origin %s as %s", async (sent, origin) => {
    expect(await trusted(distribution(sent))).toMatchObject({ origin });
  });

  test.each([
    ["https://notes.example.com", "https://NOTES.example.com:443", true],
    ["https://NOTES.example.com:443", "https://notes.example.com", true],
    ["https://notes.example.com", "http://notes.example.com", false],
    ["https://notes.example.com", "https://notes.example.com:8443", false],
    ["https://notes.example.com", "https://notes.example.com/", false],
    ["https://notes.example.com", "https://user@notes.example.com", false],
    ["https://notes.example.com", "null", false],
  ])("at %s accepts a change from %s: %s", async (site, Origin, accepted) => {
    const answer = await ask({ ...distribution(site), Origin }, "/", "POST");

    expect("code" in (await answer.json())).toBe(!accepted);
  });

  test.each([
    "",
    "notes.example.com",
    "https://notes.example.com/",
    "https://notes.example.com/path",
    "https://notes.example.com:99999",
    "https://user@notes.example.com",
    "ftp://notes.example.com",
    "null",
  ])("is an internal error if the distribution sends the origin %j", async (origin) => {
    expect(await trusted(distribution(origin))).toEqual({ code: "internal" });
  });

  test.each(["", "example", "198.51.100.7:4242"])(
    "is an internal error if the distribution sends the address %j",
    async (address) => {
      const headers = { ...distribution("https://notes.example.com"), [CLIENT_ADDRESS_HEADER]: address };

      expect(await trusted(headers)).toEqual({ code: "internal" });
    },
  );
});

describe("a stage without a distribution", () => {
  beforeEach(() => vi.stubEnv(ENV.originSecret, undefined));

  test("trusts API Gateway only", async () => {
    const headers = {
      ...distribution("https://evil.example.com"),
      "x-forwarded-for": "198.51.100.7",
      host: "evil.example.com",
    };

    expect(await trusted(headers)).toMatchObject({ origin: GATEWAY, address: "203.0.113.9" });
  });

  test("accepts changes only from pages of API Gateway's own address", async () => {
    const own = await ask({ Origin: GATEWAY }, "/", "POST");
    const other = await ask({ Origin: "https://notes.example.com" }, "/", "POST");

    expect([await own.json(), await other.json()]).toMatchObject([
      { origin: GATEWAY },
      { code: "forbidden_origin" },
    ]);
  });
});

describe("the session's cookie", () => {
  beforeEach(() => vi.stubEnv(ENV.originSecret, SECRET));

  test.each([
    [
      "https://notes.example.com",
      `__Host-notejam=${TOKEN}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ],
    ["http://localhost:3000", `notejam=${TOKEN}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax`],
    ["http://127.0.0.1:3000", `notejam=${TOKEN}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax`],
    ["http://[::1]:3000", `notejam=${TOKEN}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax`],
    [
      "http://localhost.example.com",
      `__Host-notejam=${TOKEN}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ],
  ])("at %s is %s", async (origin, cookie) => {
    const set = await ask(distribution(origin), "/set");
    const clear = await ask(distribution(origin), "/clear");

    expect(set.headers.getSetCookie()).toEqual([cookie]);
    expect(clear.headers.getSetCookie()).toEqual([cookie.replace(TOKEN, "").replace("2592000", "0")]);
  });

  test.each([
    ["https://notes.example.com", `__Host-notejam=${TOKEN}`, true],
    ["https://notes.example.com", `notejam=${TOKEN}`, false],
    ["http://localhost:3000", `notejam=${TOKEN}`, true],
    ["http://localhost:3000", `__Host-notejam=${TOKEN}`, false],
    ["https://notes.example.com", "__Host-notejam=short", false],
    ["https://notes.example.com", `__Host-notejam=${TOKEN}=`, false],
    ["https://notes.example.com", "__Host-notejam=%ff; other=1", false],
  ])("at %s, %s signs in: %s", async (origin, cookie, signedIn) => {
    expect(await trusted({ ...distribution(origin), cookie })).toMatchObject({ signedIn });
  });
});
