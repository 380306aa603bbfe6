import { expect, test } from "vitest";
import { runChecks } from "./quick.ts";

function check(name: string, code: number, output = "") {
  return { name, run: async () => ({ code, output }) };
}

test("a check that passes is one line, one that fails shows all that it said", async () => {
  let printed = "";

  const counts = await runChecks([check("lint", 0, "noise"), check("types", 2, "a.ts: no\n")], (text) => {
    printed += text;
  });

  expect(printed).toMatch(/^✓ lint +[\d.]+ s\n✗ types +[\d.]+ s\na.ts: no\n\n$/);
  expect(counts).toEqual({ passed: 1, failed: 1 });
});
