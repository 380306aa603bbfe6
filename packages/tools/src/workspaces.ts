// The files of the workspaces, what each of them imports, and which workspace a path or a package's name belongs to.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Folders with what was built or installed. */
const LEFT_OUT = /(^|\/)(node_modules|dist|\.build|\.sst)$/;

/** A test, or what only tests use. */
export const TEST = /[.]test[.]tsx?$|\/testing\/|^packages\/.*\/test\/|^packages\/web\/e2e\//;

export interface Workspace {
  /** Below the root. */
  folder: string;
  name: string;
  /** The names of the dependencies, those for development too. */
  declared: ReadonlySet<string>;
  /** The files that others import, by their names: `./*` for all that match. */
  exports: Record<string, string>;
}

/** @returns the files of the workspaces that match, below the root */
function findFiles(root: string, pattern: string): string[] {
  const exclude = (path: string) => LEFT_OUT.test(path);
  return globSync(`{packages,stacks}/**/${pattern}`, { cwd: root, exclude }).sort();
}

/** The files with code, those beside the workspaces too. */
export function sourcesIn(root: string): string[] {
  return [...globSync("*.ts", { cwd: root }).sort(), ...findFiles(root, "*.{ts,tsx,mjs}")];
}

/** The workspaces. One that lies in the folder of another comes before it. */
export function workspacesIn(root: string): Workspace[] {
  const all = findFiles(root, "package.json").map((path) => readWorkspace(root, dirname(path)));
  return all.sort((a, b) => b.folder.length - a.folder.length);
}

/** @param folder `.` for the root itself */
export function readWorkspace(root: string, folder: string): Workspace {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const { name, exports = {}, dependencies, devDependencies } = manifest;
  return { folder, name, exports, declared: new Set(Object.keys({ ...dependencies, ...devDependencies })) };
}

/** The modules that a file imports, as it names them. */
export function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** The name of an imported package, without the path in it. */
export function packageOf(path: string): string {
  const parts = path.split("/");
  return parts.slice(0, path.startsWith("@") ? 2 : 1).join("/");
}
