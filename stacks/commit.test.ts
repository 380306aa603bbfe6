import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VisibleError } from "sst/error.js";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { commitOf } from "./commit.ts";
import { ScratchRepository } from "./testing/scratch-repository.ts";

const repository = new ScratchRepository();
const commit = repository.commit("First");
afterAll(() => repository.remove());
beforeEach(() => {
  vi.stubEnv("NOTEJAM_RELEASE", undefined);
  return () => vi.unstubAllEnvs();
});

const ofStaging = (root = repository.root) => commitOf("staging", root);

test("a fixed stage is deployed from the commit that is checked out", () => {
  expect(ofStaging()).toBe(commit);
});

test("settings are facts of the stage, and no part of a commit", () => {
  repository.write(".env.staging", "NOTEJAM_TIME_ZONE=UTC\n");

  expect(ofStaging()).toBe(commit);
});

test("changes that are not committed are refused, because no rollback could find them", () => {
  repository.write("code/index.js", "changed");
  repository.write("new.ts", "");

  expect(() => ofStaging()).toThrow(VisibleError);
  expect(() => ofStaging()).toThrow(
    "staging is deployed from a commit, so that a rollback finds it: commit code/index.js and 1 more first, or take it away.",
  );
});

test("whoever deploys may name the commit, where git does not know", () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-no-checkout-"));

  expect(() => ofStaging(folder)).toThrow(/^staging is deployed from a commit, and git does not know which/);
  vi.stubEnv("NOTEJAM_RELEASE", commit);
  expect(ofStaging(folder)).toBe(commit);
  rmSync(folder, { recursive: true });
});
