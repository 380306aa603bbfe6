// The revisions that meet in a deployment, as git has them: which release was before, and checkouts of both beside the working
// folder.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { Failed } from "@notejam/command-line";
import type { Migration } from "@notejam/core/administration/migrate";
import { ROOT } from "@notejam/local/settings";
import { borrowPackages } from "@notejam/stacks/rollback/packages";
import { MIGRATIONS } from "./api-suite.ts";

const NO_HISTORY =
  "fetch the whole history (actions/checkout: fetch-depth: 0), or name the previous release with --base";

/** In a hook, git tells its children which repository and index they are to use. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")),
);

/** @throws Error with what git says */
function git(args: readonly string[], env: Record<string, string> = {}): string {
  const options = { cwd: ROOT, env: { ...ENVIRONMENT, ...env }, encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync("git", ["-c", "core.hooksPath=/dev/null", ...args], options).trim();
}

/** @returns undefined where git refuses */
function gitOr(args: readonly string[]): string | undefined {
  try {
    return git(args);
  } catch {
    return undefined;
  }
}

function commitOf(revision: string): string | undefined {
  return gitOr(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
}

/** The commit's short id and its subject. */
export function nameOf(commit: string): string {
  return git(["log", "-1", "--format=%h %s", commit]);
}

/**
 * The commit of the release that the working folder follows: the one that is named; on a branch, where it left main; on main, the
 * commit before, or main itself if the working folder has changes.
 * @throws Failed
 */
export function previousRelease(named: string | undefined): string {
  if (gitOr(["rev-parse", "--git-dir"]) === undefined)
    throw new Failed("This is no git repository, so there is no previous release to test with.");
  if (named !== undefined) {
    const commit = commitOf(named);
    if (commit) return commit;
    throw new Failed(`--base names no commit that is here, "${named}": fetch it, or name another one.`);
  }
  const main = ["origin/main", "main"].map(commitOf).find(Boolean);
  const left = main && gitOr(["merge-base", "HEAD", main]);
  if (!left) throw new Failed(`HEAD and main have no common commit here: ${NO_HISTORY}.`);
  if (left !== commitOf("HEAD") || hasChanges()) return left;
  const before = commitOf("HEAD^");
  if (!before) throw new Failed(`HEAD has no commit before it here: ${NO_HISTORY}.`);
  return before;
}

/** @returns whether `commit` is `later` or one before it; undefined if no such commit is here */
export function isIn(commit: string, later: string): boolean | undefined {
  const known = commitOf(commit);
  return known === undefined ? undefined : gitOr(["merge-base", "--is-ancestor", known, later]) !== undefined;
}

/** The migrations that a commit has, in their order. */
export function migrationsAt(commit: string): Migration[] {
  return git(["ls-tree", "-d", "--name-only", commit, `${MIGRATIONS}/`])
    .split("\n")
    .filter(Boolean)
    .map((path) => ({ name: basename(path), sql: git(["show", `${commit}:${path}/migration.sql`]) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hasChanges(): boolean {
  return git(["status", "--porcelain"]) !== "";
}

/** Two revisions in folders of their own, with the packages that are installed here. */
export class Checkouts {
  readonly #folder = mkdtempSync(join(tmpdir(), "notejam-both-ways-"));
  readonly #made: string[] = [];

  /** A commit, checked out. @returns its folder */
  of(name: string, commit: string): string {
    const folder = join(this.#folder, name);
    this.#made.push(folder);
    git(["worktree", "add", "--quiet", "--detach", folder, commit]);
    borrowPackages(ROOT, folder);
    return folder;
  }

  /** A copy of a folder below a checkout, which may then change. @returns where it is */
  keep(checkout: string, folder: string): string {
    const kept = join(this.#folder, basename(folder));
    cpSync(join(checkout, folder), kept, { recursive: true });
    return kept;
  }

  /** The working folder as it is, as a commit that no branch has. Files that git ignores are left out. */
  workingFolder(): string {
    if (!hasChanges()) return git(["rev-parse", "HEAD"]);
    const index = join(this.#folder, "index");
    copyFileSync(resolve(ROOT, git(["rev-parse", "--git-path", "index"])), index);
    git(["add", "--all"], { GIT_INDEX_FILE: index });
    const tree = git(["write-tree"], { GIT_INDEX_FILE: index });
    const author = ["-c", "user.name=notejam", "-c", "user.email=notejam@localhost"];
    return git([...author, "commit-tree", tree, "-p", "HEAD", "-m", "The working folder"]);
  }

  /** Removes all of them. It is synchronous, so it can run when the process ends. */
  remove(): void {
    for (const folder of this.#made) gitOr(["worktree", "remove", "--force", folder]);
    // A test that a signal has just ended may still write.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    gitOr(["worktree", "prune"]);
  }
}
