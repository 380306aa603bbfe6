// Finds the files that an import takes: Markdown and text files, recognised by their names, in a stable order. It follows no
// symbolic links, so that an import stays inside its folder and ends.
import { readdir } from "node:fs/promises";
import { extname, join, matchesGlob } from "node:path";

const KINDS: readonly string[] = [".md", ".markdown", ".mdown", ".mkd", ".txt", ".text"];
/** Names of text files that have no extension by convention. */
const CUSTOMARY: readonly string[] = [
  ...["README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CONTRIBUTING"],
  ...["CHANGELOG", "CHANGES", "HISTORY", "NEWS", "TODO", "INSTALL"],
];

/** For the help. */
export const KINDS_IN_WORDS = `${KINDS.join(" ")}, and README, LICENSE, CHANGELOG and similar names`;

/**
 * Whether a name is that of a Markdown or text file.
 * @param pattern a glob that names must match, such as `README*`. If it ends in an extension, such as `*.rst`, files of that
 * kind count as text too.
 */
export function isTextFile(name: string, pattern?: string): boolean {
  if (pattern !== undefined && !matchesGlob(name, pattern)) return false;
  const extension = extname(name).toLowerCase();
  if (extension === "") return CUSTOMARY.includes(name);
  return KINDS.includes(extension) || extension === (pattern && extname(pattern).toLowerCase());
}

export interface Walk {
  /** Paths below the folder, with `/` between their parts, in the order of their names. */
  files: string[];
  /** How many symbolic links were skipped. */
  links: number;
  /** Folders that can't be read, with the reason. */
  unreadable: { path: string; reason: string }[];
}

/** All text files below `folder`, which may itself be a link. */
export async function walk(folder: string, pattern?: string): Promise<Walk> {
  const found: Walk = { files: [], links: 0, unreadable: [] };

  async function visit(below: string) {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isSymbolicLink()) found.links++;
      else if (entry.isFile() && isTextFile(entry.name, pattern)) found.files.push(path);
      else if (entry.isDirectory()) {
        await visit(path).catch((error: NodeJS.ErrnoException) => {
          found.unreadable.push({ path, reason: whyUnreadable(error) });
        });
      }
    }
  }

  await visit("");
  return found;
}

/** An error of the file system in a few words. */
export function whyUnreadable(error: NodeJS.ErrnoException): string {
  if (error.code === "EACCES" || error.code === "EPERM") return "you have no permission to read it";
  if (error.code === "ENOENT") return "it was removed";
  return `it can't be read (${error.code ?? error.message})`;
}
