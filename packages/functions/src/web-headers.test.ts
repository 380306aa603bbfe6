import { describe, expect, test } from "vitest";
import { cacheControl, HTTPS_HEADERS, WEB_HEADERS } from "./web-headers.ts";

describe("the web app's headers", () => {
  test("let a page load only from its own site, and nothing inline", () => {
    const policy = WEB_HEADERS["content-security-policy"] ?? "";
    const sources = policy
      .split("; ")
      .filter((directive) => !directive.includes("trusted-types"))
      .map((directive) => directive.split(" ").slice(1).join(" "));

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'self' data:"]));
  });

  test("let no string become elements or code, and name each policy that may make them", () => {
    const policy = WEB_HEADERS["content-security-policy"] ?? "";
    const names = /; trusted-types ([^;]+)/.exec(policy)?.[1]?.split(" ") ?? [];

    expect(policy).toContain("; require-trusted-types-for 'script'");
    expect(names.length).toBeGreaterThan(0);
    // A policy named default would take every string, and a name in quotes or a star is a keyword.
    for (const name of names) expect(name).toMatch(/^(?!default$)[a-z-]+$/);
  });

  test("have Strict-Transport-Security only for https", () => {
    expect(WEB_HEADERS).not.toHaveProperty("strict-transport-security");
    expect(HTTPS_HEADERS).toHaveProperty("strict-transport-security");
  });

  test.each([
    ["/assets/index-B1xYz.js", "public, max-age=31536000, immutable"],
    ["/index.html", "no-cache"],
    ["/", "no-cache"],
    ["/favicon.svg", "no-cache"],
  ])("cache %s as %s", (path, expected) => {
    expect(cacheControl(path)).toBe(expected);
  });
});
