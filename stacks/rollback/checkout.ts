// Gives a checkout of an earlier commit the settings of the stage.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "../stage/settings.ts";
import type { AnyStage } from "../stage/stage.ts";

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
