import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isTextFile, walk } from "./walk.ts";

describe("files that are text by their names", () => {
  test.each(["a.md", "A.MD", "a.markdown", "a.b.txt", "README", "LICENSE"])("%s is", (name) => {
    expect(isTextFile(name)).toBe(true);
  });

  test.each(["a.png", "a.html", "a", "Makefile", ".md", ".gitignore", "UTC", "md"])("%s is not", (name) => {
    expect(isTextFile(name)).toBe(false);
  });

  test("a pattern narrows them", () => {
    const names = ["README.md", "README", "README.png", "readme.md", "a.md"];

    expect(names.filter((name) => isTextFile(name, "README*"))).toEqual(["README.md", "README"]);
  });

  test("a pattern that names an extension takes that kind too", () => {
    expect(isTextFile("a.rst")).toBe(false);
    expect(isTextFile("a.rst", "*.rst")).toBe(true);
    expect(isTextFile("a.RST", "*.{rst,RST}")).toBe(false);
    expect(isTextFile("a.md", "*.rst")).toBe(false);
  });
});

describe("a walk", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "notejam-walk-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function put(...paths: string[]) {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), path);
    }
  }

  test("finds the text files of all folders, in the order of their names", async () => {
    put("b.md", "a/z.md", "a/node_modules/x/README.md", "a/.hidden/y.txt", "a/picture.png", "B.md");

    const { files } = await walk(folder);

    expect(files).toEqual(["B.md", "a/.hidden/y.txt", "a/node_modules/x/README.md", "a/z.md", "b.md"]);
  });

  test("passes symbolic links by, to files, folders, outside, in a circle and to nowhere", async () => {
    put("a/real.md");
    symlinkSync("real.md", join(folder, "a/file.md"));
    symlinkSync(".", join(folder, "a/circle"));
    symlinkSync(tmpdir(), join(folder, "outside"));
    symlinkSync("nowhere", join(folder, "nowhere.md"));

    const { files, links } = await walk(folder);

    expect(files).toEqual(["a/real.md"]);
    expect(links).toBe(4);
  });

  test("begins where the folder leads, if it is itself a link", async () => {
    put("real/a.md");
    symlinkSync("real", join(folder, "link"));

    expect((await walk(join(folder, "link"))).files).toEqual(["a.md"]);
  });

  test("of a folder that is not there fails", async () => {
    await expect(walk(join(folder, "missing"))).rejects.toThrow("ENOENT");
  });
});
