// Checks that the package.json of each workspace names the packages and the other workspaces that its files import, also by a
// relative path. Node.js finds an undeclared package as well, as long as another workspace has it installed.
import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import ts from "typescript";
import type { Outcome } from "./run.ts";

interface Workspace {
  folder: string;
  name: string;
  declared: ReadonlySet<string>;
}

/** What is built or installed imports what it likes. */
const LEFT_OUT = /(^|\/)(node_modules|dist|\.build|\.sst)$/;
/** Files that may use the tools of the root's package.json as well. */
const TEST = /[.]test[.]tsx?$|\/testing\/|^packages\/.*\/test\/|^packages\/web\/e2e\//;

/** @returns a line for each import that is not declared, in `output` */
export async function declaredImports(root = ROOT): Promise<Outcome> {
  const exclude = (path: string) => LEFT_OUT.test(path);
  const find = (pattern: string) => globSync(`{packages,stacks}/**/${pattern}`, { cwd: root, exclude });
  const tools = workspaceIn(root, ".").declared;
  const workspaces = find("package.json").map((path) => workspaceIn(root, dirname(path)));
  // A workspace may have another one in a folder of its own.
  workspaces.sort((a, b) => b.folder.length - a.folder.length);
  const workspaceOf = (path: string) => workspaces.find(({ folder }) => path.startsWith(`${folder}/`));

  const missing = find("*.{ts,tsx,mjs}").flatMap((file) => {
    const own = workspaceOf(file);
    if (!own) return [];
    return importsIn(join(root, file))
      .map((path) => (path.startsWith(".") ? workspaceOf(join(dirname(file), path))?.name : packageOf(path)))
      .filter((name) => name !== undefined && name !== own.name)
      .filter((name) => !isIn(own.declared, name) && !(TEST.test(file) && isIn(tools, name)))
      .map((name) => `${file} imports ${name}, which ${own.folder}/package.json does not name.\n`);
  });
  return { code: missing.length === 0 ? 0 : 1, output: missing.sort().join("") };
}

function workspaceIn(root: string, folder: string): Workspace {
  const { name, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  );
  return { folder, name, declared: new Set(Object.keys({ ...dependencies, ...devDependencies })) };
}

function importsIn(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** The package of an import; undefined for a module of Node.js. */
function packageOf(path: string): string | undefined {
  if (isBuiltin(path)) return undefined;
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Whether a package is declared, or its types are. */
function isIn(declared: ReadonlySet<string>, name: string): boolean {
  return declared.has(name) || declared.has(`@types/${name}`);
}
