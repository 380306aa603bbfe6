// Lets another copy of the sources use the packages that are installed here.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";

/** Links what `folder` needs: its own packages to each other, and every other package to the one that is installed here. */
export async function linkPackages(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await linkAll(join(ROOT, "node_modules"), modules);
  await mkdir(join(modules, "@notejam"));
  for (const workspace of await readdir(join(folder, "packages"))) {
    const path = join(folder, "packages", workspace);
    if (!existsSync(join(path, "package.json"))) continue;
    const { name } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
    await symlink(path, join(modules, name));
    const own = join(ROOT, "packages", workspace, "node_modules");
    if (existsSync(own)) await linkAll(own, join(path, "node_modules"));
  }
}

/** Links each package of a `node_modules`, and its commands in `.bin`. Other names with a dot are caches of that installation. */
async function linkAll(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from))
    if (name === ".bin" || !/^\.|^@notejam$/.test(name)) await symlink(join(from, name), join(to, name));
}
