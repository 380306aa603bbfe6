// That every file, runbook and alarm has a role: .github/CODEOWNERS and OWNERSHIP.md are written by hand.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../testing/command.ts";
import { FIXED } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The pattern and the owner of each line. */
const lines = read(".github/CODEOWNERS")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(/ +/) as [pattern: string, owner: string]);

/** The runbooks of each role, by OWNERSHIP.md's table. */
const roles = new Map(
  [...read("stacks/OWNERSHIP.md").matchAll(/^\| \*\*([\w-]+)\*\* \| .+ \| (.*)\|$/gm)].map(
    ([, role = "", runbooks = ""]) => [role, runbooks.trim().split(" · ").filter(Boolean)],
  ),
);

/** Also the files that are not committed yet. */
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\0")
  .filter(Boolean);

function matches(pattern: string, file: string): boolean {
  const expression = pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  return new RegExp(`^${expression}${pattern.endsWith("/") ? "" : "$"}`).test(`/${file}`);
}

test("each file has an owner, and a new folder has none until somebody gives it one", () => {
  const owned = (file: string) => lines.some(([pattern]) => matches(pattern, file));

  expect(files.filter((file) => !owned(file))).toEqual([]);
  expect(["stacks/data/new.ts", "stacks/new/file.ts", "packages/new/src/file.ts"].map(owned)).toEqual([
    true,
    false,
    false,
  ]);
});

test("each path that CODEOWNERS names is there, and its owner is the team of a role", () => {
  expect(lines.filter(([pattern]) => !files.some((file) => matches(pattern, file)))).toEqual([]);
  const teams = [...roles.keys()].map((role) => `@notejam/${role}`);
  expect(new Set(lines.map(([, owner]) => owner))).toEqual(new Set(teams));
});

test("each runbook has one role, and each that has one is there", () => {
  const headings = [...read("stacks/RUNBOOKS.md").matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

  expect([...roles.values()].flat().sort()).toEqual(
    headings.filter((heading) => heading !== "Before you begin").sort(),
  );
});

test.each(FIXED)("each alarm of %s names a runbook that has a role", async (stage) => {
  const { app } = await templatesOf({ stage });
  const alarms = ["Alarm", "CompositeAlarm"].flatMap((type) =>
    Object.entries(app.findResources(`AWS::CloudWatch::${type}`)),
  );
  expect(alarms.length).toBeGreaterThan(5);

  const without = alarms.filter(([, { Properties }]) => {
    const [, runbook = ""] = /RUNBOOKS\.md, "(.+)"/.exec(Properties.AlarmDescription ?? "") ?? [];
    return ![...roles.values()].flat().includes(runbook);
  });
  expect(without.map(([id]) => id)).toEqual([]);
});

test("CONTRIBUTING.md leads a newcomer to the roles", () => {
  expect(read("CONTRIBUTING.md")).toContain("`stacks/OWNERSHIP.md`");
});
