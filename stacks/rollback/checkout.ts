// Makes a checkout of an earlier commit ready to deploy from: its packages, and the settings of the stage.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { filesOf } from "../stage/settings.ts";
import type { AnyStage } from "../stage/stage.ts";

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

/**
 * Copies the settings of a stage as they are today: they are facts of the stage, such as what it was restored from. A setting that
 * the commit does not know would be refused there, so it is left out.
 * @param knows whether the commit's code reads a variable of this name
 * @returns the names that are left out
 */
export async function copySettings(
  stage: AnyStage,
  from: string,
  to: string,
  knows: (name: string) => Promise<boolean>,
): Promise<string[]> {
  const unknown = new Set<string>();
  for (const file of filesOf(stage)) {
    rmSync(join(to, file), { force: true });
    if (!existsSync(join(from, file))) continue;
    const kept: string[] = [];
    for (const line of readFileSync(join(from, file), "utf8").split("\n")) {
      const name = /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];
      if (name === undefined || (await knows(name))) kept.push(line);
      else unknown.add(name);
    }
    writeFileSync(join(to, file), kept.join("\n"), { mode: 0o600 });
  }
  return [...unknown];
}

/** Whether a file is the same in two checkouts. */
export function hasSameFile(name: string, one: string, other: string): boolean {
  const [here, there] = [one, other].map((folder) => readFileSync(join(folder, name)));
  return here?.equals(there ?? Buffer.of()) ?? false;
}
