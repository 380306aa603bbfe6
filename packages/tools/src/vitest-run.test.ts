import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { run } from "./run.ts";
import { judge } from "./vitest-run.ts";

const TEST = join(import.meta.dirname, "test.ts");

const counts = { passed: 3, failed: 0, skipped: 0, faults: [] };

test("a run in which all tests passed has no faults", () => {
  expect(judge(0, counts, []).faults).toEqual([]);
});

test("a run that fails although all tests passed is a failure", () => {
  expect(judge(1, counts, []).faults).toEqual(["Vitest ended with code 1."]);
});

test("tests are counted, and what fails outside them is told: a file, a late error, a project without tests", async () => {
  const root = await mkdtemp(join(tmpdir(), "notejam-vitest-"));
  const project = (name: string) => ({ extends: true, test: { name, include: [`${name}/*.test.js`] } });
  const config = { test: { globals: true, projects: [project("some"), project("none")] } };
  const files = {
    "vitest.config.js": `export default ${JSON.stringify(config)};`,
    "some/three.test.js":
      'test("a", () => {}); test("b", () => expect(1).toBe(2)); test.skip("c", () => {});',
    "some/broken.test.js": 'throw new Error("It does not load.");',
    "some/late.test.js": 'test("d", () => void Promise.reject(new Error("It comes late.")));',
  };
  for (const [name, code] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), code);
  }
  const program = `import { runVitest } from ${JSON.stringify(import.meta.resolve("./vitest-run.ts"))};
    console.log(JSON.stringify(await runVitest([], process.argv[1])));`;

  const { output } = await run(process.execPath, ["--input-type=module", "-e", program, root]);
  await rm(root, { recursive: true });

  expect(JSON.parse(output.trimEnd().split("\n").at(-1) ?? "")).toEqual({
    passed: 2,
    failed: 1,
    skipped: 1,
    faults: [
      "some/broken.test.js failed outside its tests.",
      "An error came outside any test: It comes late.",
      "The project none has no tests.",
    ],
  });
});

test("npm test ends with the counts, and fails if it finds no tests", async () => {
  const { code, output } = await run(process.execPath, [TEST, "no-file-has-this-in-its-path"]);

  expect(output).toMatch(/\n✗ No test was found\.\n.*\n0 passed, 1 failed\n$/);
  expect(code).toBe(1);
});

test("npm test fails, and says so in its last line, if something ends it early without an error", async () => {
  const ending = "data:text/javascript,setTimeout(() => process.exit(0), 100)";
  const { code, output } = await run(process.execPath, [
    "--import",
    ending,
    TEST,
    "no-file-has-this-in-its-path",
  ]);

  expect(output).toMatch(/✗ The tests did not run to their end\.\n0 passed, 1 failed\n$/);
  expect(code).toBe(1);
});

test("npm test names an unknown option", async () => {
  const { code, output } = await run(process.execPath, [TEST, "--quick"]);

  expect(output).toBe("Unknown option '--quick'. See npm test -- --help.\n");
  expect(code).toBe(2);
});
