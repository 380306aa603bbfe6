// Lets another copy of the sources use the packages that are installed here.
import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const MODULES = "node_modules";

/**
 * Gives a checkout the packages of another one that has the same lock file. A workspace is a link there: here it leads to this
 * checkout's own, so nothing of the other one's code gets in. What tools keep in node_modules (`.vite`) stays behind.
 */
export function borrowPackages(from: string, to: string): void {
  const workspaces: string[] = [];
  const borrow = (folder: string) => {
    mkdirSync(join(to, folder), { recursive: true });
    for (const name of readdirSync(join(from, folder))) {
      const path = join(folder, name);
      if (lstatSync(join(from, path)).isSymbolicLink()) {
        const target = readlinkSync(join(from, path));
        symlinkSync(target, join(to, path));
        workspaces.push(join(folder, target));
      } else if (name.startsWith("@")) {
        borrow(path);
      } else if (name === ".bin" || !name.startsWith(".")) {
        symlinkSync(join(from, path), join(to, path));
      }
    }
  };
  borrow(MODULES);
  // Where versions collide, npm gives a workspace a folder of its own.
  for (const workspace of workspaces) {
    const own = join(workspace, MODULES);
    if (existsSync(join(from, own)) && existsSync(join(to, workspace))) borrow(own);
  }
}
