import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeNext, withNext } from "./next.ts";

const SITE = "https://notes.example.com";

describe("signing in leads", () => {
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
  ])("home for %j", (next) => {
    expect(safeNext(next)).toBe("/");
  });

  it.each(["/signin", "/signup?next=/", "/SignOut", "/signin/", "/reset-password#token"])(
    "home, and not back to %s",
    (page) => {
      expect(safeNext(page)).toBe("/");
    },
  );

  it("always to this site, whatever the address says", () => {
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
    const nexts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(parts).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(nexts, (next) => {
        const path = safeNext(next);
        expect(new URL(path, SITE).origin).toBe(SITE);
        expect(path).toMatch(/^\/(?![/\\])/);
        // A safe path is unchanged when it is read from the address again.
        const address = new URL(withNext("/signin", path), SITE);
        expect(safeNext(address.searchParams.get("next") ?? "/")).toBe(path);
      }),
    );
  });
});
