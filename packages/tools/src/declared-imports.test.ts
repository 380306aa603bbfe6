import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { declaredImports } from "./declared-imports.ts";

const root = mkdtempSync(join(tmpdir(), "notejam-declared-"));
afterAll(() => rmSync(root, { recursive: true }));

const imports = (...paths: string[]) => paths.map((path) => `import "${path}";\n`).join("");

test("each package and workspace that is imported is declared where it is imported, or is a tool of a test", async () => {
  const files = {
    "package.json": JSON.stringify({ devDependencies: { vitest: "1.0.0" } }),
    "packages/core/package.json": JSON.stringify({ name: "@notejam/core", dependencies: { zod: "4.0.0" } }),
    "packages/core/src/note.ts": imports("node:fs", "zod/mini", "./pad.ts", "@notejam/core/pad"),
    "packages/core/src/pad.ts": imports("hono", "aws-lambda"),
    "packages/core/src/pad.test.ts": imports("vitest", "fast-check"),
    "packages/core/src/run.ts": imports("vitest"),
    "packages/core/dist/built.mjs": imports("hono"),
    "packages/web/package.json": JSON.stringify({
      name: "@notejam/web",
      devDependencies: { "@notejam/core": "1.0.0", "@types/aws-lambda": "8.0.0" },
    }),
    "packages/web/src/page.tsx": imports("@notejam/core/note", "../../core/src/pad.ts", "aws-lambda"),
    "stacks/package.json": JSON.stringify({ name: "@notejam/stacks" }),
    "stacks/app/api.ts": `${imports("../../packages/web/src/page.tsx")}await import("sst/error.js");\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  const { code, output } = await declaredImports(root);

  expect(output.trim().split("\n")).toEqual([
    "packages/core/src/pad.test.ts imports fast-check, which packages/core/package.json does not name.",
    "packages/core/src/pad.ts imports hono, which packages/core/package.json does not name.",
    "packages/core/src/pad.ts imports aws-lambda, which packages/core/package.json does not name.",
    "packages/core/src/run.ts imports vitest, which packages/core/package.json does not name.",
    "stacks/app/api.ts imports @notejam/web, which stacks/package.json does not name.",
    "stacks/app/api.ts imports sst, which stacks/package.json does not name.",
  ]);
  expect(code).toBe(1);
});
