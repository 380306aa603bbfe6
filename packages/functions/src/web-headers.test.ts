import { describe, expect, test } from "vitest";
import { cacheControl, HTTPS_HEADERS, WEB_HEADERS } from "./web-headers.ts";

describe("the web app's headers", () => {
  test("let a page load from its own site alone, and nothing inline", () => {
    const policy = WEB_HEADERS["content-security-policy"] ?? "";
    const sources = policy.split("; ").map((directive) => directive.split(" ").slice(1).join(" "));

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'self' data:"]));
  });

  test("speak of https only where there is https", () => {
    expect(WEB_HEADERS).not.toHaveProperty("strict-transport-security");
    expect(HTTPS_HEADERS).toHaveProperty("strict-transport-security");
  });

  test.each([
    ["/assets/index-B1xYz.js", "public, max-age=31536000, immutable"],
    ["/index.html", "no-cache"],
    ["/", "no-cache"],
    ["/favicon.svg", "no-cache"],
  ])("keep %s: %s", (path, expected) => {
    expect(cacheControl(path)).toBe(expected);
  });
});
