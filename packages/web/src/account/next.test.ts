import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeNext, withNext } from "./next.ts";

const SITE = "https://notes.example.com";

describe("where signing in leads", () => {
  it.each(["/", "/notes/create?pad=1", "/pads/1?order=-name&q=a%20b", "/notes/1#note-heading", "/a//b"])(
    "to %s, a path of this site",
    (path) => {
      expect(safeNext(path)).toBe(path);
    },
  );

  it.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/\n//evil.example",
    "\\\\evil.example",
    "/.//evil.example/",
    "/x/..//evil.example/",
    "javascript:alert(1)",
    " /notes",
    "notes",
    "",
    undefined,
    ["/notes", "/pads"],
  ])("home where %j names anything else", (next) => {
    expect(safeNext(next)).toBe("/");
  });

  it.each(["/signin", "/signup?next=/", "/SignOut", "/signin/", "/reset-password#token"])(
    "home and not back to %s",
    (page) => {
      expect(safeNext(page)).toBe("/");
    },
  );

  it("always to this site, whatever is written", () => {
    const parts = fc.constantFrom(
      "/",
      "\\",
      "//",
      ".",
      "..",
      "@",
      ":",
      "evil.example",
      "\t",
      "\n",
      "%2f",
      "?",
      "#",
      "http",
    );
    const written = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(parts).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(written, (next) => {
        const led = safeNext(next);
        expect(new URL(led, SITE).origin).toBe(SITE);
        expect(led).toMatch(/^\/(?![/\\])/);
        // What is safe stays as it is when it is read out of the address again.
        const address = new URL(withNext("/signin", led), SITE);
        expect(safeNext(address.searchParams.get("next") ?? "/")).toBe(led);
      }),
    );
  });
});
