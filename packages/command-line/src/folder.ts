// Makes folders for commands, and says in words why one can't be made.
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

const REASONS: Record<string, string> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it would be on a read-only file system",
  ENOSPC: "the disk is full",
  EEXIST: "a file has that name",
  ENOTDIR: "a file has the name of a folder above it",
  ENOENT: "no folder can be made there",
};

/** The reason of a system's error in words. */
export function reasonOf(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/**
 * Makes a folder that only this user can use, and those above it. (Node's own `recursive` never ends in /proc, and says of a
 * read-only file system that the folder is missing.)
 * @param hasParent whether the folder above it has been made just now
 * @throws the system's error, whose `path` is the folder that can't be made
 */
export function makeFolder(path: string, hasParent = false): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || hasParent || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeFolder(path, true);
  }
}
