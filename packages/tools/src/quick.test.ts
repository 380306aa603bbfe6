import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import { expect, test } from "vitest";
import { runChecks, tables } from "./quick.ts";

function check(name: string, code: number, output = "") {
  return { name, run: async () => ({ code, output }) };
}

test("a check that passes prints one line, and one that fails also prints its output", async () => {
  let printed = "";

  const counts = await runChecks([check("lint", 0, "noise"), check("types", 2, "a.ts: no\n")], (text) => {
    printed += text;
  });

  expect(printed).toMatch(/^✓ lint +[\d.]+ s\n✗ types +[\d.]+ s\na.ts: no\n\n$/);
  expect(counts).toEqual({ passed: 1, failed: 1 });
});

test("a table without a migration is found", async () => {
  // In node_modules, its imports resolve and other checks skip it.
  const copy = await mkdtemp(join(ROOT, "node_modules/.core-"));
  try {
    await cp(join(ROOT, "packages/core"), copy, { recursive: true });
    await writeFile(
      join(copy, "src/pad/forgotten.sql.ts"),
      'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const forgotten = pgTable("forgotten", { name: text() });\n',
    );

    const outcome = await tables(copy);

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("npm run migrations");
  } finally {
    await rm(copy, { recursive: true });
  }
});
