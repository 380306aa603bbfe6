// Checks that the package.json of each workspace names the packages and the other workspaces that its files import, also by a
// relative path. Node.js finds an undeclared package as well, as long as another workspace has it installed.
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import type { Outcome } from "./run.ts";
import {
  importsOf,
  packageOf,
  readWorkspace,
  sourcesIn,
  TEST,
  type Workspace,
  workspacesIn,
} from "./workspaces.ts";

/** @returns a line for each import that is not declared, in `output` */
export async function declaredImports(root = ROOT): Promise<Outcome> {
  const tools = readWorkspace(root, ".").declared;
  const workspaces = workspacesIn(root);
  const workspaceOf = (path: string) => workspaces.find(({ folder }) => path.startsWith(`${folder}/`));

  const missing = sourcesIn(root).flatMap((file) => {
    const own = workspaceOf(file);
    if (!own) return [];
    return importsOf(join(root, file))
      .filter((path) => !isBuiltin(path))
      .map((path) => (path.startsWith(".") ? workspaceOf(join(dirname(file), path))?.name : packageOf(path)))
      .filter((name) => name !== undefined)
      .filter((name) => name !== own.name && !contains(workspaces, name, own))
      .filter((name) => !isIn(own.declared, name) && !(TEST.test(file) && isIn(tools, name)))
      .map((name) => `${file} imports ${name}, which ${own.folder}/package.json does not name.\n`);
  });
  return { code: missing.length === 0 ? 0 : 1, output: [...new Set(missing)].join("") };
}

/** Whether a package is declared, or its types are. */
function isIn(declared: ReadonlySet<string>, name: string): boolean {
  return declared.has(name) || declared.has(`@types/${name}`);
}

/** Whether a workspace lies in the folder of the named one, as its programs or tests do. */
function contains(workspaces: readonly Workspace[], name: string, { folder }: Workspace): boolean {
  const other = workspaces.find((workspace) => workspace.name === name);
  return other !== undefined && folder.startsWith(`${other.folder}/`);
}
