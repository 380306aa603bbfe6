// What a note's text, a name or a tag can't do, however it is written.
import { describe, expect } from "vitest";
import { it, waitForPage } from "./fixtures.ts";

describe("Trusted Types", () => {
  it("let no string become elements, code or a worker's address, and nobody make another policy", async ({
    anonymousUser: { page, allowMessage },
  }) => {
    allowMessage(/Trusted|trusted-types/);
    const answer = await page.goto("/signin");
    await waitForPage(page, "Sign in");
    expect(await answer?.headerValue("content-security-policy")).toContain(
      "require-trusted-types-for 'script'",
    );

    const thrown = await page.evaluate(() => {
      const html = "<b>bold</b>";
      const attempts = {
        innerHTML: () => {
          document.createElement("p").innerHTML = html;
        },
        insertAdjacentHTML: () => document.body.insertAdjacentHTML("beforeend", html),
        DOMParser: () => new DOMParser().parseFromString(html, "text/html"),
        srcdoc: () => {
          document.createElement("iframe").srcdoc = html;
        },
        src: () => {
          document.createElement("script").src = "/theme.js";
        },
        onclick: () => document.createElement("p").setAttribute("onclick", "alert(1)"),
        Worker: () => new Worker("/theme.js"),
        "a policy of another name": () => window.trustedTypes?.createPolicy("own", {}),
        "a default policy": () =>
          window.trustedTypes?.createPolicy("default", { createHTML: (html) => html }),
        "a policy of a name that is taken": () => window.trustedTypes?.createPolicy("solid", {}),
      };
      return Object.entries(attempts).map(([name, attempt]) => {
        try {
          attempt();
          return `${name} passes`;
        } catch (error) {
          return error instanceof TypeError ? `${name} throws` : `${name}: ${error}`;
        }
      });
    });
    expect(thrown.filter((line) => !line.endsWith(" throws"))).toEqual([]);
  });
});
