// The migrations of each deployment. A migration works with the code before it and after it, so it goes first.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Script, type Stack } from "sst/constructs";
import type { Database } from "../data/database.ts";
import type { Functions } from "./functions.ts";

const MIGRATIONS = "packages/core/migrations";

/** Migrates the database while the stack is deployed, before the other functions are replaced. */
export function migrations(stack: Stack, { migrate, ...others }: Functions, database: Database): void {
  const script = new Script(stack, "Migrations", {
    onCreate: migrate,
    onUpdate: migrate,
    // It runs where this changes; without it, at each deployment.
    version: `${hashOfFolder(MIGRATIONS)} ${database.version}`,
  });
  for (const other of Object.values(others)) other.node.addDependency(script);
}

/** SHA-256, in hex, of the names and contents of all files in a folder. */
export function hashOfFolder(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!statSync(join(folder, file)).isFile()) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
