import { expect, test } from "vitest";
import { lineOf } from "./line.ts";

test.each([
  { releases: "", line: "" },
  { releases: "a", line: "a" },
  { releases: "a b c", line: "a b c" },
  // After one rollback, and after two.
  { releases: "a b c b", line: "a b" },
  { releases: "a b c b a", line: "a" },
  // Mended after a rollback; and the same release once more.
  { releases: "a b c b d", line: "a b d" },
  { releases: "a b c b c", line: "a b c" },
  // With --to.
  { releases: "a b c a d", line: "a d" },
])("after the releases [$releases] a stage stands on [$line]", ({ releases, line }) => {
  const recorded = releases.split(" ").filter(Boolean);

  const stands = lineOf(recorded.map((commit, i) => ({ commit, at: new Date(i) })));

  expect(stands.map(({ commit }) => commit).join(" ")).toBe(line);
  // Each with the time at which it began.
  for (const { commit, at } of stands) expect(at.getTime()).toBe(recorded.lastIndexOf(commit));
});
