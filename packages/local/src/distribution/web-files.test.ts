import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listening, listen } from "../aws/loopback.ts";
import { exchange } from "../aws/testing/client.ts";
import { WebFiles } from "./web-files.ts";

const folder = mkdtempSync(join(tmpdir(), "notejam-web-"));
const dist = join(folder, "dist");
const LONG = "export {};\n".repeat(100);
let server: Listening;

beforeAll(async () => {
  mkdirSync(join(dist, "assets"), { recursive: true });
  writeFileSync(join(dist, "index.html"), "<!doctype html>the page");
  writeFileSync(join(dist, "favicon.svg"), "<svg/>");
  writeFileSync(join(dist, "assets/index-AbC123.js"), "export {}");
  writeFileSync(join(dist, "assets/index-AbC123.css"), "a{}");
  writeFileSync(join(dist, "assets/long-AbC123.js"), LONG);
  writeFileSync(join(dist, "assets/long-AbC123.woff2"), LONG);
  writeFileSync(join(folder, "secret.txt"), "not to be read");
  const files = new WebFiles(dist);
  server = await listen(0, {
    respond: (request) => files.respond(request),
    fault: (error) => {
      throw error;
    },
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: string[] = [], method = "GET") =>
  exchange(server.port, { method, path, headers });

describe("the built web app", () => {
  test.each([
    "/",
    "/index.html",
    "/signin",
    "/notes/0b9c?order=name",
    "/pads/a%2Fb/edit",
    "/api",
    "/assets/",
  ])("answers %s with its page", async (path) => {
    const { status, headers, body } = await get(path);

    expect({ status, body }).toEqual({ status: 200, body: "<!doctype html>the page" });
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["cache-control"]).toBe("no-cache");
  });

  test.each([
    {
      path: "/assets/index-AbC123.js",
      type: "text/javascript; charset=utf-8",
      caching: "public, max-age=31536000, immutable",
    },
    {
      path: "/assets/index-AbC123.css",
      type: "text/css; charset=utf-8",
      caching: "public, max-age=31536000, immutable",
    },
    { path: "/favicon.svg", type: "image/svg+xml", caching: "no-cache" },
  ])("serves $path as $type", async ({ path, type, caching }) => {
    const { status, headers } = await get(path);

    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": type, "cache-control": caching });
  });

  test.each(["/", "/assets/index-AbC123.js", "/missing.js"])(
    "sends the security headers with %s",
    async (path) => {
      expect((await get(path)).headers).toMatchObject(WEB_HEADERS);
    },
  );

  test.each(["/assets/index-Old456.js", "/robots.txt", "/notes/a.b"])(
    "answers 404 for %s, which is not a file",
    async (path) => {
      const { status, headers, body } = await get(path);

      expect(status).toBe(404);
      expect(body).not.toContain("the page");
      expect(headers["cache-control"]).toBe("no-store");
    },
  );

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "//../secret.txt",
    "/.%00./secret.txt",
    "/index.html%00.txt",
    "/%",
  ])("does not leave its folder by %s", async (path) => {
    const { status, body } = await get(path);

    expect([200, 404]).toContain(status);
    expect(body).not.toContain("not to be read");
  });

  test("answers HEAD with the headers of GET and no body", async () => {
    const [head, whole] = [await get("/favicon.svg", [], "HEAD"), await get("/favicon.svg")];

    expect(head.body).toBe("");
    expect({ ...head.headers, date: "" }).toEqual({ ...whole.headers, date: "" });
  });

  test("is not sent again to a client that has it", async () => {
    const { etag } = (await get("/")).headers;

    const { status, headers, body } = await get("/", ["If-None-Match", `"other", W/${etag}`]);

    expect({ status, body }).toEqual({ status: 304, body: "" });
    expect(headers).toMatchObject({ etag, "cache-control": "no-cache" });
    expect(await get("/favicon.svg", ["If-None-Match", etag ?? ""])).toMatchObject({ status: 200 });
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    const { status, headers } = await get("/", [], method);

    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "GET, HEAD" });
  });

  test("that is not built is an error that names the folder", () => {
    expect(() => new WebFiles(folder)).toThrow(folder);
  });

  test("follows no symbolic link out of its folder", async () => {
    const linked = join(folder, "linked");
    mkdirSync(linked);
    writeFileSync(join(linked, "index.html"), "");
    symlinkSync(join(folder, "secret.txt"), join(linked, "secret.txt"));

    const files = new WebFiles(linked);

    expect(await files.respond({ method: "GET", url: "/secret.txt", headers: {} })).toMatchObject({
      status: 404,
    });
  });
});

describe("compression", () => {
  const long = (encoding: string, path = "/assets/long-AbC123.js") =>
    fetch(`http://localhost:${server.port}${path}`, { headers: { "accept-encoding": encoding } });

  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["GZIP;q=1.0, br;q=0", "gzip"],
    ["identity", null],
  ])("for a client that accepts %s is %s", async (accepted, encoding) => {
    const response = await long(accepted);

    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    expect(response.headers.get("etag")).toMatch(encoding ? /^W\/"/ : /^"/);
    expect(await response.text()).toBe(LONG);
  });

  test("leaves short files and files that are compressed already as they are", async () => {
    for (const path of ["/assets/index-AbC123.js", "/assets/long-AbC123.woff2"]) {
      const response = await long("br, gzip", path);
      expect([response.headers.get("content-encoding"), response.headers.get("vary")]).toEqual([null, null]);
    }
  });

  test("does not change whether a file is known", async () => {
    const { headers } = await long("br");
    const known = await get("/assets/long-AbC123.js", [
      "If-None-Match",
      headers.get("etag") ?? "",
      "Accept-Encoding",
      "br",
    ]);
    expect(known.status).toBe(304);
    expect(known.headers).toMatchObject({ vary: "Accept-Encoding", etag: headers.get("etag") });
  });
});
