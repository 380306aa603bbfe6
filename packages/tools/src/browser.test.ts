import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failed } from "@notejam/command-line";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser, provideBrowser } from "./browser.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notejam-browser-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Creates a program that exits with `code`. */
function program(name: string, code = 0) {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nexit ${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("a browser that is named is preferred to those on the PATH", async () => {
  program("chromium");
  const named = program("my-browser");

  expect(await findBrowser({ PATH: folder, NOTEJAM_CHROMIUM: named })).toBe(named);
});

test("a browser is found on the PATH", async () => {
  const chrome = program("google-chrome-stable");

  expect(await findBrowser({ PATH: `/nowhere:${folder}` })).toBe(chrome);
});

test("of several browsers, one without windows is taken", async () => {
  program("chromium");
  const headless = program("chromium-headless-shell");

  expect(await findBrowser({ PATH: folder })).toBe(headless);
});

test("a program that can't print its version, like a script for a missing snap, is skipped", async () => {
  program("chromium-browser", 1);
  const chrome = program("google-chrome");

  expect(await findBrowser({ PATH: folder })).toBe(chrome);
});

test.each([
  ["is missing", () => join(folder, "missing")],
  ["does not run", () => program("broken", 1)],
  ["is a folder", () => folder],
])("a named browser that %s is an error, and no other is used", async (_, named) => {
  program("chromium");
  const path = named();

  const outcome = findBrowser({ PATH: folder, NOTEJAM_CHROMIUM: path });

  await expect(outcome).rejects.toBeInstanceOf(Failed);
  await expect(outcome).rejects.toThrow(`NOTEJAM_CHROMIUM is "${path}"`);
});

test("if none is found, root installs one with apt, and the fonts that pages need", async () => {
  const said = join(folder, "said");
  const apt = join(folder, "apt-get");
  const installs = `case "$1" in install) printf '#!/bin/sh\\n' > ${folder}/chromium-headless-shell; /bin/chmod +x ${folder}/chromium-headless-shell;; esac`;
  writeFileSync(apt, `#!/bin/sh\necho "$@" >> ${said}\n${installs}\n`);
  chmodSync(apt, 0o755);
  let printed = "";

  const path = await provideBrowser((text) => (printed += text), {
    environment: { PATH: folder },
    isRoot: true,
  });

  expect(path).toBe(join(folder, "chromium-headless-shell"));
  expect(readFileSync(said, "utf8")).toMatch(
    /update.*\n.*install .*chromium-headless-shell .*fonts-noto-color-emoji\n$/,
  );
  expect(printed).toMatch(/^Installing chromium-headless-shell, .* with apt\.\n$/);
});
