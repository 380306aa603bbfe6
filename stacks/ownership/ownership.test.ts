// That everything has a role, and that what is made of the roles is up to date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { ROOT, run } from "../testing/command.ts";
import { ScratchRepository } from "../testing/scratch-repository.ts";
import { templatesOf } from "../testing/templates.ts";
import { CODEOWNERS_FILE, codeownersOf, PAGE, pageOf } from "./owners.ts";
import { filesOf, ROLES_FILE, readRoles, roleOfFile, runbooksOf } from "./roles.ts";

const roles = readRoles(ROOT);
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

test("each file has a role", () => {
  expect(filesOf(ROOT).filter((file) => roleOfFile(roles, file) === undefined)).toEqual([]);
});

test("a new file of the stacks has one only if it is in a folder that has", () => {
  expect(roleOfFile(roles, "stacks/data/new.ts")).toBe("data");
  for (const file of ["stacks/new.ts", "stacks/new/file.ts", "packages/new/src/file.ts"]) {
    expect(roleOfFile(roles, file), file).toBeUndefined();
  }
});

test("each runbook has a role, and each that has one is there", () => {
  expect(runbooksOf(ROOT).sort()).toEqual(Object.keys(roles.runbooks).sort());
});

test("each alarm of each fixed stage names a runbook that has a role", async () => {
  for (const stage of ["production", "staging", "dev"]) {
    const { app } = await templatesOf({ stage });
    const alarms = ["Alarm", "CompositeAlarm"].flatMap((type) =>
      Object.entries(app.findResources(`AWS::CloudWatch::${type}`)),
    );
    expect(alarms.length).toBeGreaterThan(5);

    const without = alarms.filter(([, { Properties }]) => {
      const [, runbook = ""] = /RUNBOOKS\.md, "(.+)"/.exec(Properties.AlarmDescription ?? "") ?? [];
      return !(runbook in roles.runbooks);
    });
    expect(without.map(([id]) => id)).toEqual([]);
  }
});

test("CODEOWNERS and the tables of OWNERSHIP.md are those of the roles: npm run owners makes them", () => {
  expect(read(CODEOWNERS_FILE)).toBe(codeownersOf(roles));
  expect(read(PAGE)).toBe(pageOf(roles, read(PAGE)));
});

test("the README leads a newcomer there", () => {
  expect(read("README.md")).toContain(`(${PAGE})`);
});

describe("npm run owners", () => {
  const repository = new ScratchRepository();
  repository.commit("First");
  const good = {
    roles: {
      platform: { decides: "how it runs", holders: ["@example/platform", "@ana"] },
      data: { decides: "what is kept", holders: [] as string[] },
    },
    paths: { "/*": "platform", "/code/": "platform", "/code/*.js": "data" },
    runbooks: { "A lost zone": "data" },
  };
  beforeEach(() => {
    mkdirSync(join(repository.root, "stacks"), { recursive: true });
    writeFileSync(join(repository.root, PAGE), pageOf(roles, read(PAGE)));
  });
  afterAll(() => repository.remove());

  function owners(given: object | string) {
    repository.write(ROLES_FILE, typeof given === "string" ? given : JSON.stringify(given));
    return run("stacks/commands/owners.ts", [], {}, repository.root);
  }
  const refused = (given: object | string) => {
    repository.write(ROLES_FILE, typeof given === "string" ? given : JSON.stringify(given));
    return () => readRoles(repository.root);
  };

  test("has GitHub ask the holders of a path's role, and nobody where nobody holds it", async () => {
    const { code, stdout } = await owners(good);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${CODEOWNERS_FILE}\n${PAGE}\n` });
    const [first, ...lines] = readFileSync(join(repository.root, CODEOWNERS_FILE), "utf8").split("\n");
    expect(first).toMatch(/^# Made by `npm run owners`/);
    expect(lines).toEqual([
      "/*         @example/platform @ana",
      "/code/     @example/platform @ana",
      "# /code/*.js data: nobody holds this role yet",
      "",
    ]);
    expect(readFileSync(join(repository.root, PAGE), "utf8")).toContain(
      "| **data** | what is kept | `/code/*.js` | A lost zone | nobody yet |\n",
    );
  });

  test("says in one line what is wrong, and writes nothing", async () => {
    expect(await owners({ ...good, paths: { ...good.paths, "/stacks/OWNERSHIP.md": "nobody" } })).toEqual({
      code: 1,
      stdout: "",
      stderr: `${ROLES_FILE} gives "/stacks/OWNERSHIP.md" to the role "nobody", which is none of platform, data.\n`,
    });
  });

  const holders = (...holders: string[]) => ({ platform: { decides: "how it runs", holders } });
  test.each([
    { why: "text that is no JSON", given: "{", says: "is not readable as JSON: " },
    {
      why: "a holder without @",
      given: { ...good, roles: { ...good.roles, ...holders("example/platform") } },
      says: 'names "example/platform" as a holder of platform: a holder is a team or a user of GitHub, such as "@example/platform" or "@ana".',
    },
    {
      why: "two holders in one",
      given: { ...good, roles: { ...good.roles, ...holders("@ana @bo") } },
      says: 'names "@ana @bo" as a holder of platform',
    },
    {
      why: "a runbook's role that is none",
      given: { ...good, runbooks: { "A lost zone": "night" } },
      says: 'gives "A lost zone" to the role "night", which is none of platform, data.',
    },
    {
      why: "a pattern that matches no file",
      given: { ...good, paths: { "/gone/": "data" } },
      says: 'has the pattern "/gone/", which matches no file: remove it, or mend it.',
    },
    {
      why: "a pattern that GitHub would read in another way",
      given: { ...good, paths: { "code/": "data" } },
      says: 'has the pattern "code/": write a path from the repository\'s top',
    },
    {
      why: "a role that decides nothing",
      given: { ...good, roles: { ...good.roles, data: { holders: [] } } },
      says: "does not say what data decides",
    },
  ])("refuses $why", ({ given, says }) => {
    expect(refused(given)).toThrow(`${ROLES_FILE} ${says}`);
  });
});
