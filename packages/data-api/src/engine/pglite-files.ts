// The files that PGlite's package brings beside its main one.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// Not by import.meta.resolve: a program that Vite loads has none, as vitest's globalSetup in a workspace.
const directory = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));

export function readPGliteFile(name: string): Promise<Buffer<ArrayBuffer>> {
  return readFile(join(directory, name));
}
