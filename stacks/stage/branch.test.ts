import fc from "fast-check";
import { expect, test } from "vitest";
import { pullRequestOf, stageOfBranch, stageOfPullRequest } from "./branch.ts";
import { stageOf } from "./stage.ts";

test("a branch whose name is a stage's has that stage", () => {
  expect(stageOfBranch("search").name).toBe("search");
});

test("a branch whose name is no stage's is refused, with the branch and a name that is right", () => {
  expect(() => stageOfBranch("feature/Search_2")).toThrow(
    /^The branch "feature\/Search_2" is no name of a stage\. Name its stage with --stage, such as --stage feature-search-2\.$/,
  );
  expect(stageOfBranch("feature/Search_2", "feature-search-2").name).toBe("feature-search-2");
});

test.each(["production", "staging", "dev"])("the branch %s does not get the fixed stage", (name) => {
  expect(() => stageOfBranch(name)).toThrow(
    `${name} is a fixed stage, and can't be the branch "${name}"'s. Name its stage with --stage, such as --stage branch-${name}.`,
  );
  expect(() => stageOfBranch("search", name)).toThrow(/is a fixed stage/);
});

test.each(["vault", "prod", "live", "stage", "development", "local", "main/", ""])(
  "the branch %j gets no stage",
  (name) => {
    expect(() => stageOfBranch(name)).toThrow(`The branch "${name}" is no name of a stage.`);
  },
);

test("the stage of a pull request is no branch's", () => {
  expect(() => stageOfBranch("pr-12")).toThrow(/^pr-12 is the stage of pull request 12/);
  expect(() => stageOfBranch("search", "pr-12")).toThrow(/^pr-12 is the stage of pull request 12/);
});

test.each([0, -1, 1.5, Number.NaN, 1e21])("%d is not the number of a pull request", (number) => {
  expect(() => stageOfPullRequest(number)).toThrow();
});

/** Names as git takes them, and as people and programs write them, near to stages' names. */
const branch = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .tuple(
      fc.constantFrom("", " ", "feature/", "refs/heads/", "-", "PR-", "pr-", "Pr_", "../"),
      fc.constantFrom(
        "production",
        "Production",
        "staging",
        "dev",
        "vault",
        "prod",
        "pr-1",
        "12",
        "012",
        "main",
        "ana",
      ),
      fc.constantFrom("", " ", "/", "-", "--", "\n", "\u0000", ".lock", "$(id)", "'"),
    )
    .map((parts) => parts.join("")),
);

test("no name of a branch leads to a fixed stage, a pull request's or another branch's", () => {
  fc.assert(
    fc.property(branch, (name) => {
      let stage: ReturnType<typeof stageOfBranch>;
      try {
        stage = stageOfBranch(name);
      } catch (error) {
        // The name that it suggests is one that it takes.
        const [, suggested] = /--stage ([a-z0-9-]+)\.$/.exec((error as Error).message) ?? [];
        if (suggested !== undefined) expect(stageOfBranch(name, suggested).name).toBe(suggested);
        expect(suggested !== undefined || pullRequestOf(name) !== undefined).toBe(true);
        return;
      }
      expect(stage.name).toBe(name);
      expect(stage.fixed).toBe(false);
      expect(pullRequestOf(stage.name)).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

test("a pull request's stage is its own, and each number's another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (number) => {
      const { name, fixed } = stageOfPullRequest(number);
      expect({ number: pullRequestOf(name), fixed }).toEqual({ number, fixed: false });
      expect(stageOf(name).name).toBe(name);
    }),
  );
});
