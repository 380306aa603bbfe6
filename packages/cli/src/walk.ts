// Finds the files that an import takes: Markdown and text, told by their names, in a stable order. A symbolic link is
// not followed, so an import stays inside the folder it was given and ends.
import { readdir } from "node:fs/promises";
import { extname, join, matchesGlob } from "node:path";

const KINDS: readonly string[] = [".md", ".markdown", ".mdown", ".mkd", ".txt", ".text"];
/** By custom, text without an extension. */
const CUSTOMARY: readonly string[] = [
  ...["README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CONTRIBUTING"],
  ...["CHANGELOG", "CHANGES", "HISTORY", "NEWS", "TODO", "INSTALL"],
];

/** In words, for the help. */
export const KINDS_IN_WORDS = `${KINDS.join(" ")}, and README, LICENSE, CHANGELOG and their like`;

/**
 * Whether a name is that of a Markdown or text file.
 * @param pattern a glob that names have to match, such as `README*`. One that ends in an extension, such as `*.rst`, makes files of that kind text too.
 */
export function isTextFile(name: string, pattern?: string): boolean {
  if (pattern !== undefined && !matchesGlob(name, pattern)) return false;
  const extension = extname(name).toLowerCase();
  if (extension === "") return CUSTOMARY.includes(name);
  return KINDS.includes(extension) || extension === (pattern && extname(pattern).toLowerCase());
}

export interface Walk {
  /** Paths below the folder, their parts joined by `/`, folder by folder in the order of their names. */
  files: string[];
  /** Symbolic links that were passed by. */
  links: number;
  /** Folders that can't be read, and why. */
  unreadable: { path: string; reason: string }[];
}

/** All text files below `folder` (which may itself be a link: whoever named it meant where it leads). */
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

/** An error of the file system in few words. */
export function whyUnreadable(error: NodeJS.ErrnoException): string {
  if (error.code === "EACCES" || error.code === "EPERM") return "it may not be read";
  if (error.code === "ENOENT") return "it is not there any more";
  return `it can't be read (${error.code ?? error.message})`;
}
