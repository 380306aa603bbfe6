// Which files a change reaches: those that import a changed file or name its path in a string, directly or through others.
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { importsOf, packageOf, sourcesIn, TEST, type Workspace, workspacesIn } from "../workspaces.ts";

/** By each file or folder, the files that use it. A folder ends with `/`. */
export type Importers = ReadonlyMap<string, ReadonlySet<string>>;

/** A line of a comment. */
const COMMENT = /^\s*(\/\/|\/?\*).*$/gm;
/** A string that may be the path of a file, or of a folder: `"../migrations/"`. */
const PATH = /["'`]([\w@.][\w@./-]*\.\w+|\.\.?\/[\w@./-]+\/)["'`]/g;
/** These name files without using them. `USES` says who runs a command by its name. */
const NAMES_ONLY = [
  "packages/tools/bootstrap/main.mjs",
  "packages/tools/src/changed/uses.ts",
  "packages/tools/src/import-direction.test.ts",
  "packages/tools/src/quick.ts",
];

/** @param uses what files use otherwise, by their paths */
export function importersIn(root: string, uses: Readonly<Record<string, readonly string[]>>): Importers {
  const workspaces = workspacesIn(root);
  const importers = new Map<string, Set<string>>();
  const add = (target: string, file: string) =>
    importers.set(target, (importers.get(target) ?? new Set()).add(file));
  for (const file of sourcesIn(root)) {
    for (const path of importsOf(join(root, file))) {
      const target = targetOf(path, file, workspaces);
      if (target) add(target, file);
    }
    for (const target of NAMES_ONLY.includes(file) ? [] : pathsIn(root, file)) add(target, file);
  }
  for (const [file, targets] of Object.entries(uses)) for (const target of targets) add(target, file);
  return importers;
}

/** The file of a workspace that an import names; undefined for any other package. */
function targetOf(path: string, from: string, workspaces: readonly Workspace[]): string | undefined {
  // Vite takes "?worker" for how to load it.
  const [plain = ""] = path.split("?");
  if (plain.startsWith(".")) return join(dirname(from), plain);
  const workspace = workspaces.find(({ name }) => name === packageOf(plain));
  return workspace && exportedBy(workspace, `.${plain.slice(workspace.name.length)}`);
}

function exportedBy({ folder, exports }: Workspace, name: string): string | undefined {
  for (const [exported, file] of Object.entries(exports)) {
    const [start = "", end] = exported.split("*");
    if (end === undefined && name === exported) return join(folder, file);
    if (end !== undefined && name.startsWith(start) && name.endsWith(end))
      return join(folder, file.replace("*", name.slice(start.length, name.length - end.length)));
  }
  return undefined;
}

/** The files that the strings of a file name, from the root or from its own folder. */
function pathsIn(root: string, file: string): string[] {
  const code = readFileSync(join(root, file), "utf8").replaceAll(COMMENT, "");
  const strings = [...code.matchAll(PATH)].map(([, path = ""]) => path);
  const paths = [...new Set(strings)].flatMap((path) => [join(path), join(dirname(file), path)]);
  return paths.filter((path) => {
    if (path.startsWith("..") || path === file) return false;
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    return path.endsWith("/") ? found?.isDirectory() : found?.isFile();
  });
}

/**
 * @param ends files whose users are not reached
 * @returns the changed files, and all that use them
 */
export function reachedBy(
  changed: readonly string[],
  importers: Importers,
  ends: readonly string[] = [],
): ReadonlySet<string> {
  const reached = new Set(changed);
  for (const file of reached) {
    if (ends.includes(file)) continue;
    for (const user of importers.get(file) ?? []) reached.add(user);
    // A file that uses a folder does not use the tests in it.
    if (TEST.test(file)) continue;
    for (let folder = dirname(file); folder !== "."; folder = dirname(folder))
      for (const user of importers.get(`${folder}/`) ?? []) reached.add(user);
  }
  return reached;
}
