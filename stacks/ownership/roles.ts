// Who decides about what: reads .github/roles.json, which gives each path of the repository and each runbook a role. The team writes
// there who holds the roles.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VisibleError } from "sst/error.js";

export const ROLES_FILE = ".github/roles.json";

export interface Roles {
  roles: Record<string, { decides: string; holders: string[] }>;
  /** Roles by patterns of paths, in the order of CODEOWNERS: the last one that matches a file counts. */
  paths: Record<string, string>;
  /** Roles by headings of RUNBOOKS.md: who is asked when its steps do not help, and keeps it right. */
  runbooks: Record<string, string>;
}

/** Headings of RUNBOOKS.md that are no runbooks. */
const NO_RUNBOOKS = ["Before you begin"];

/** A user or a team of GitHub. */
const HOLDER = /^@[A-Za-z\d][A-Za-z\d-]*(?:\/[\w.-]+)?$/;
/** Of the patterns that GitHub knows, those whose meaning leaves no doubt. */
const PATTERN = /^\/[\w./*-]*$/;

/**
 * @param root the repository
 * @throws VisibleError naming what is wrong, and what would be right
 */
export function readRoles(root: string): Roles {
  let roles: Roles;
  try {
    roles = JSON.parse(readFileSync(join(root, ROLES_FILE), "utf8"));
  } catch (error) {
    throw refuse(`is not readable as JSON: ${(error as Error).message}.`);
  }
  for (const [role, { decides, holders }] of Object.entries(roles.roles ?? {})) {
    if (!decides) throw refuse(`does not say what ${role} decides: write it to "decides".`);
    for (const holder of holders ?? []) {
      if (HOLDER.test(holder)) continue;
      throw refuse(
        `names "${holder}" as a holder of ${role}: a holder is a team or a user of GitHub, such as "@example/${role}" or "@ana".`,
      );
    }
  }
  const known = Object.keys(roles.roles ?? {});
  const given = { ...roles.paths, ...roles.runbooks };
  for (const [what, role] of Object.entries(given)) {
    if (!known.includes(role)) {
      throw refuse(`gives "${what}" to the role "${role}", which is none of ${known.join(", ")}.`);
    }
  }
  const files = filesOf(root);
  for (const pattern of Object.keys(roles.paths ?? {})) {
    if (!PATTERN.test(pattern) || pattern.includes("**")) {
      throw refuse(
        `has the pattern "${pattern}": write a path from the repository's top, as "/stacks/data/" or "/stacks/stage*".`,
      );
    }
    if (!files.some((file) => matches(pattern, file))) {
      throw refuse(`has the pattern "${pattern}", which matches no file: remove it, or mend it.`);
    }
  }
  return roles;
}

function refuse(why: string): VisibleError {
  return new VisibleError(`${ROLES_FILE} ${why}`);
}

/** The files of the repository, also those that are not committed yet. */
export function filesOf(root: string): string[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", list, { cwd: root, encoding: "utf8" });
  return [...new Set(listed.split("\n").filter(Boolean))].sort();
}

/** @returns the role that decides about a file; undefined if none does */
export function roleOfFile({ paths }: Roles, file: string): string | undefined {
  return Object.entries(paths).findLast(([pattern]) => matches(pattern, file))?.[1];
}

/** As in CODEOWNERS: a folder ends with a slash and means all below it, and a star means anything but a slash. */
function matches(pattern: string, file: string): boolean {
  const expression = pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  return new RegExp(`^${expression}${pattern.endsWith("/") ? "" : "$"}`).test(`/${file}`);
}

/** The runbooks of RUNBOOKS.md, by their headings. */
export function runbooksOf(root: string): string[] {
  const text = readFileSync(join(root, "stacks/RUNBOOKS.md"), "utf8");
  return [...text.matchAll(/^## (.+)$/gm)]
    .map(([, heading = ""]) => heading)
    .filter((heading) => !NO_RUNBOOKS.includes(heading));
}
