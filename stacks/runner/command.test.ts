// The commands of this folder, run as npm runs them.
import { expect, test } from "vitest";
import { run } from "../testing/command.ts";

test.each([
  { args: [], says: "Name a stage with --stage: production, staging, dev, a person's name, or pr-<number>." },
  { args: ["--stage", "ana"], says: "Name a region with --region, or in AWS_REGION." },
])("synth $args is refused in one line", async ({ args, says }) => {
  expect(await run("stacks/commands/synth.ts", args)).toEqual({ code: 1, stdout: "", stderr: `${says}\n` });
});

test.each([
  {
    args: ["--stgae", "ana"],
    says: "Unknown option '--stgae'. Did you mean --stage? See npm run synth -- --help.",
  },
  {
    args: ["--all", "--stage", "ana"],
    says: "--all has its own stages and regions. Leave out --stage and --region.",
  },
])("synth $args is misused, and the exit code says so", async ({ args, says }) => {
  expect(await run("stacks/commands/synth.ts", args)).toEqual({ code: 2, stdout: "", stderr: `${says}\n` });
});

test("synth refuses an account that is none", async () => {
  const { code, stderr } = await run(
    "stacks/commands/synth.ts",
    ["--stage", "ana", "--region", "eu-west-1"],
    {
      NOTEJAM_ACCOUNT: "12",
    },
  );

  expect({ code, stderr }).toEqual({ code: 1, stderr: 'NOTEJAM_ACCOUNT must be 12 digits, not "12".\n' });
});

test("--help says what a command does, and what it reads", async () => {
  const commands = { synth: "synth", preflight: "preflight", rollback: "rollback", "dev-aws": "dev:aws" };
  const helps = Object.entries(commands).map(async ([file, script]) => {
    const { code, stdout } = await run(`stacks/commands/${file}.ts`, ["--help"]);
    return { script, code, stdout };
  });

  for (const { script, code, stdout } of await Promise.all(helps)) {
    expect(code, script).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: npm run ${script} -- `));
    if (script === "synth") expect(stdout).toContain("NOTEJAM_ACCOUNT");
  }
});

test.each([
  {
    args: ["--stage", "production"],
    says: /^`sst dev` would bring the requests of production to this computer\./,
  },
  { args: [], says: /^Name a stage with --stage/ },
  { args: ["--stage", "ana"], says: /^Name a region with --region/ },
])("dev:aws $args is refused in one line, before anything is asked of AWS", async ({ args, says }) => {
  const { code, stdout, stderr } = await run("stacks/commands/dev-aws.ts", args);

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(says);
});

test("sst itself refuses to remove a fixed stage, before anything is asked of AWS", async () => {
  const args = ["remove", "--stage", "staging", "--region", "eu-west-1"];

  const { code, stdout } = await run("node_modules/sst/cli/sst.js", args);

  expect(code).toBe(1);
  expect(stdout).toContain("No command removes staging.");
});
