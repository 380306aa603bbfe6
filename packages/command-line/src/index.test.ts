import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { command, Misused, Option, wholeNumber } from "./index.ts";

function loadCommand() {
  return command("npm run load --", "Sends what users do.")
    .argument("<url>", "the site", (url) => {
      if (url.startsWith("https:")) return url;
      throw new Misused("The address must begin with https.");
    })
    .option("--rate <n>", "calls a second", wholeNumber(1, 250), 8)
    .option("--json", "the report as JSON")
    .addOption(new Option("--engine <engine>", "the database").choices(["pglite", "postgresql"] as const))
    .action(() => undefined);
}

test("the values of arguments and options are read, with their defaults", () => {
  const load = loadCommand().parse(["https://a", "--engine=pglite"], { from: "user" });
  const other = loadCommand().parse(["--rate", "9", "--json", "--", "https://b"], { from: "user" });

  expect([load.processedArgs, load.opts()]).toEqual([["https://a"], { rate: 8, engine: "pglite" }]);
  expect([other.processedArgs, other.opts()]).toEqual([["https://b"], { rate: 9, json: true }]);
});

test.each([
  [[], "Missing required argument 'url'."],
  [["https://a", "b"], "Too many arguments. Expected 1 argument but got 2: https://a, b."],
  [["https://a", "--jsn"], "Unknown option '--jsn'. Did you mean --json?"],
  [["https://a", "--rate"], "Option '--rate <n>' argument missing."],
  ...["0", "251", "1.5", "-1", "1e2", "many", ""].map((rate): [string[], string] => [
    ["https://a", "--rate", rate],
    `Option '--rate <n>' argument '${rate}' is invalid. It must be a whole number from 1 to 250.`,
  ]),
  [
    ["https://a", "--engine", "x"],
    "Option '--engine <engine>' argument 'x' is invalid. Allowed choices are pglite, postgresql.",
  ],
] satisfies [string[], string][])(
  "%j is answered with what is wrong, and a hint at the help",
  (args, said) => {
    expect(() => loadCommand().parse(args, { from: "user" })).toThrow(
      new Misused(`${said} See npm run load -- --help.`),
    );
  },
);

test("a value with a secret is not repeated", () => {
  expect(() => loadCommand().parse(["http://ada:secret@a"], { from: "user" })).toThrow(
    new Misused("The address must begin with https."),
  );
});

test("what is wrong with a subcommand leads to its own help", () => {
  const notes = command("npm run notes --", "Moves notes.").addCommand(
    command("export", "Writes notes.").action(() => undefined),
  );

  expect(() => notes.parse(["export", "--all"], { from: "user" })).toThrow(
    new Misused("Unknown option '--all'. See npm run notes -- export --help."),
  );
});

/** A process whose command fails in the way that it is told. */
async function running(...args: string[]) {
  const program = `
    import { Argument, command, Failed, Misused, run } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    const errors = {
      none: undefined,
      misused: new Misused("Set A\\nB."),
      failed: new Failed("The stage is gone."),
      expected: Object.assign(new Error("The disk is full."), { expected: true }),
      bug: new TypeError("x is undefined"),
    };
    await run(
      command("try", "Tries.")
        .addArgument(new Argument("<what>").choices(Object.keys(errors)))
        .action(async (what) => { if (errors[what]) throw errors[what]; }),
      (error) => error.expected ? error.message : undefined,
    );`;
  const {
    code = 0,
    stdout,
    stderr,
  } = await promisify(execFile)(process.execPath, [
    ...["--input-type=module", "--eval", program, "--", ...args],
  ]).catch((error) => error);
  return { code, stdout, stderr };
}

test("the exit code says whether the command was done, failed or typed wrong, and one line says why", async () => {
  expect(await running("none")).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await running("misused")).toEqual({ code: 2, stdout: "", stderr: "Set A\\u000aB.\n" });
  expect(await running("nothing")).toMatchObject({ code: 2, stderr: expect.stringMatching(/^.*\n$/) });
  expect(await running("failed")).toEqual({ code: 1, stdout: "", stderr: "The stage is gone.\n" });
  expect(await running("expected")).toEqual({ code: 1, stdout: "", stderr: "The disk is full.\n" });
  expect(await running("bug")).toMatchObject({ code: 1, stderr: expect.stringContaining("    at ") });
  expect(await running("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: try \[options\] <what>\n/),
    stderr: "",
  });
});
