import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eagerFiles } from "./sizes.ts";

const folder = mkdtempSync(join(tmpdir(), "notejam-sizes-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the eager files are those that are imported statically, each once, even in circles", () => {
  const files = {
    "entry.mjs": `import{a as b}from"./one.mjs";import"./two.mjs";import d from"node:path";const c=import("./later.mjs");`,
    "one.mjs": `export*from"./two.mjs";`,
    "two.mjs": `import"./one.mjs";`,
    "later.mjs": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

  expect(eagerFiles(join(folder, "entry.mjs"))).toEqual(
    ["entry.mjs", "one.mjs", "two.mjs"].map((name) => join(folder, name)),
  );
});
