// What a rollback asks git, and the checkout from which it deploys.
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { promisify } from "node:util";
import { contractionOf } from "@notejam/core/administration/contraction";
import { VisibleError } from "sst/error.js";

const MIGRATIONS = "packages/core/migrations";
/** In a hook, git tells its children which repository and index they are to use. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")),
);
/** Hooks of the person's own are for their work, not for this. */
const WITHOUT_HOOKS = ["-c", "core.hooksPath=/dev/null"];
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** What a migration takes away that older code needs. Its first line says so. */
export interface Contraction {
  what: string;
  /** The first commit that does without. Undefined: the line does not say, so no code is known to. */
  since: string | undefined;
}

export interface Repository {
  has(commit: string): Promise<boolean>;
  /** The commit that a name, a tag or the beginning of a hash means; undefined if git does not know it. */
  resolve(name: string): Promise<string | undefined>;
  /** A line for people: short hash and subject. */
  shown(commit: string): Promise<string>;
  /** The commits that one has and another lacks, the newest first, a line each. */
  added(by: string, to: string): Promise<string[]>;
  /** Whether an earlier commit is in a commit's history, or is the same. */
  contains(commit: string, earlier: string): Promise<boolean>;
  /** By their names. Most migrations only add: code that does not know them works on. */
  migrationsOf(commit: string): Promise<ReadonlyMap<string, Contraction | undefined>>;
  /** Whether a text is in the code of a commit. */
  mentions(commit: string, text: string): Promise<boolean>;
  /** Checks a commit out into a folder of its own, in place of what an earlier run left there. */
  checkOut(commit: string, folder: string): Promise<void>;
  removeCheckout(folder: string): Promise<void>;
}

/** @throws VisibleError if git is not there, or the folder is no checkout */
export async function repositoryAt(root: string): Promise<Repository> {
  async function git(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("git", [...WITHOUT_HOOKS, ...args], {
      cwd: root,
      env: ENVIRONMENT,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return stdout;
  }
  const lines = (text: string) => text.split("\n").filter(Boolean);
  /** What git prints; undefined if it fails in any way. */
  const maybe = (...args: string[]) => git(...args).catch(() => undefined);
  /** What git finds; undefined if it is nothing. */
  const found = (...args: string[]) =>
    git("grep", ...args).catch((error: { code?: unknown }) => {
      if (error.code === 1) return undefined;
      throw error;
    });

  await git("rev-parse", "--git-dir").catch((error: NodeJS.ErrnoException) => {
    throw new VisibleError(
      error.code === "ENOENT"
        ? "git is not installed. A rollback takes the former release's code from git."
        : `${root} is no checkout of git. A rollback takes the former release's code from there.`,
    );
  });

  async function removeCheckout(folder: string): Promise<void> {
    rmSync(folder, { recursive: true, force: true });
    await git("worktree", "prune");
  }

  return {
    has: async (commit) => (await maybe("cat-file", "-e", `${commit}^{commit}`)) !== undefined,
    resolve: async (name) =>
      (await maybe("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`))?.trim(),
    shown: async (commit) => (await git("log", "-1", "--format=%h %s", commit)).trim(),
    added: async (by, to) => lines(await git("log", "--format=%h %s", `${to}..${by}`)),
    contains: async (commit, earlier) =>
      (await maybe("merge-base", "--is-ancestor", earlier, commit)) !== undefined,
    async migrationsOf(commit) {
      const files = lines(await git("ls-tree", "-r", "--name-only", commit, "--", MIGRATIONS));
      const named = files.filter((file) => file.endsWith(".sql")).sort();
      // One process for all files that have the marker somewhere; what counts is the first line.
      const marked = lines(
        (await found("-l", "-i", "-e", "^--[[:space:]]*contract", commit, "--", MIGRATIONS)) ?? "",
      ).map((file) => file.slice(`${commit}:`.length));
      const migrations = new Map<string, Contraction | undefined>();
      for (const file of named) {
        const sql = marked.includes(file) ? await git("show", `${commit}:${file}`) : "";
        const name = nameOf(file);
        migrations.set(name, contractionIn({ name, sql }));
      }
      return migrations;
    },
    mentions: async (commit, text) =>
      (await found("-q", "-F", "-w", "-e", text, commit, "--", "*.ts")) !== undefined,
    async checkOut(commit, folder) {
      await removeCheckout(folder);
      await git("worktree", "add", "--quiet", "--force", "--detach", folder, commit);
    },
    removeCheckout,
  };
}

/** @returns undefined if the migration only adds */
function contractionIn(migration: { name: string; sql: string }): Contraction | undefined {
  try {
    return contractionOf(migration);
  } catch {
    // `npm run check` refuses such a line, but a former release may have it.
    return {
      what: migration.sql.split("\n", 1)[0]?.replace(/^--\s*contract(?:ion)?\b:?\s*/i, "") ?? "",
      since: undefined,
    };
  }
}

/** `20261124090359_first`, of `packages/core/migrations/20261124090359_first/migration.sql`. */
function nameOf(file: string): string {
  return file.slice(MIGRATIONS.length + 1).replace(/\/[^/]*$/, "");
}
