import { ROOT } from "@notejam/local/settings";
import { expect, test } from "vitest";
import { run } from "./run.ts";
import { judge } from "./vitest-run.ts";

const counts = { passed: 3, failed: 0, skipped: 0, faults: [] };

test("a run in which all tests passed has no faults", () => {
  expect(judge(0, counts, []).faults).toEqual([]);
});

test("a project without tests is a failure", () => {
  expect(judge(0, counts, ["stacks"]).faults).toEqual(["The project stacks has no tests."]);
});

test("a run that fails although all tests passed is a failure", () => {
  expect(judge(1, counts, []).faults).toEqual(["Vitest ended with code 1."]);
});

test("a failed test is counted once", () => {
  expect(judge(1, { ...counts, failed: 1 }, [])).toMatchObject({ failed: 1, faults: [] });
});

test("npm test ends with the counts, and fails if it finds no tests", async () => {
  const { code, output } = await run(process.execPath, [
    `${ROOT}/packages/tools/src/test.ts`,
    "no-file-has-this-in-its-path",
  ]);

  expect(output).toMatch(/\n0 passed, 1 failed\n$/);
  expect(code).toBe(1);
});

test("npm test names an unknown option", async () => {
  const { code, output } = await run(process.execPath, [`${ROOT}/packages/tools/src/test.ts`, "--quick"]);

  expect(output).toBe("Unknown option '--quick'. See npm test -- --help.\n");
  expect(code).toBe(2);
});
