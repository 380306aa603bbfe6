// The command as it is run, with few calls: what it prints, not how fast anything was.
import { spawn } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import type { Figures } from "../src/figures.ts";
import { writeReport } from "../src/report.ts";

const MAIN = new URL("../src/main.ts", import.meta.url).pathname;

async function bench(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (output.stdout += text));
  child.stderr.on("data", (text) => (output.stderr += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, ...output };
}

const STATEMENTS = ["a row by key", "a write by key", "a row of 40000 bytes"];
const times = {
  medianUs: expect.any(Number),
  p99Us: expect.any(Number),
  callsPerSecond: expect.any(Number),
};
const PHASES = [
  "client and transport",
  "reading and checking the request, writing the answer",
  "waiting for a session",
  "database",
  "reset, after the answer (alone)",
];

describe("the benchmark", () => {
  let figures: Figures;
  beforeAll(async () => {
    const { code, stdout, stderr } = await bench("--calls", "20", "--rounds", "1", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    figures = JSON.parse(stdout);
  });

  test("measures each statement over both engines, by 1 connection and by 16, and says where", () => {
    expect(figures).toMatchObject({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      cores: expect.any(Number),
      node: process.versions.node,
      loadBefore: expect.any(Number),
      pglite: expect.stringMatching(/^18\./),
      postgresql: expect.stringMatching(/^18\./),
      calls: 20,
      rounds: 1,
    });
    const expected = ["PGlite", "PostgreSQL"].flatMap((engine) =>
      [1, 16].flatMap((connections) =>
        STATEMENTS.map((statement) => ({
          engine,
          statement,
          connections,
          direct: times,
          server: times,
          ratio: expect.any(Number),
          http: times,
          sdk: times,
          phases: PHASES.map((name) => ({ name, us: expect.any(Number) })),
        })),
      ),
    );
    expect(figures.measurements).toEqual(expected);
  });

  test("has a table for each engine, and one of where the time goes", () => {
    const lines = writeReport(figures).split("\n");

    expect(lines[0]).toMatch(/^The local Data API on \d{4}-\d\d-\d\d: \d+ cores? .*, Node\.js 24\./);
    const heads = lines.filter((line) => line.includes("ratio  ") && line.includes("bare HTTP"));
    expect(heads).toHaveLength(2);
    for (const statement of STATEMENTS) {
      for (const connections of ["1×", "16×"]) {
        const rows = lines.filter((line) => line.startsWith(`${statement}, ${connections} `));
        expect(rows.map((row) => row.trim().split(/ {2,}/).length)).toEqual([8, 8]);
      }
    }
    for (const phase of PHASES) {
      expect(lines.filter((line) => line.startsWith(phase))).toHaveLength(2);
    }
  });
});

test("--help says what is measured, and how it is asked for", async () => {
  const { code, stdout, stderr } = await bench("--help");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const word of ["local Data API", "--calls", "--rounds", "--json"]) expect(stdout).toContain(word);
});

test.each([
  [["functions"], "Too many arguments. Expected 0 arguments but got 1: functions."],
  [
    ["--calls", "0"],
    "Option '--calls <n>' argument '0' is invalid. It must be a whole number from 1 to 9999999.",
  ],
  [
    ["--rounds", "many"],
    "Option '--rounds <n>' argument 'many' is invalid. It must be a whole number from 1 to 9999999.",
  ],
  [["--fast"], "Unknown option '--fast'."],
])("%j is refused in a sentence", async (args, sentence) => {
  expect(await bench(...args)).toEqual({
    code: 2,
    stdout: "",
    stderr: `${sentence} See npm run bench -- --help.\n`,
  });
});
