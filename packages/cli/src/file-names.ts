// Turns names of pads and notes, which may be anything, into paths that every file system takes and that stay inside
// the folder of the export. Each path is given once: what would be equal, also without regard to case, is numbered.
import { extname } from "node:path";
import { isTextFile } from "./walk.ts";

/** Bytes in a part of a path: 255 on most file systems, less room for a number. */
const PART_MAX_BYTES = 240;
/** What Windows allows in no name, control characters and what a terminal takes for one. */
const UNSAFE = /[\p{Cc}\u2028\u2029<>:"/\\|?*]/gu;
/** Devices on Windows, whatever follows the first dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\s*(\.|$))/i;

/** One part of a path: a name that is no folder above, no device, and not too long. The extension stays. */
export function safePart(name: string): string {
  const safe = shorten(name)
    .replace(UNSAFE, "_")
    .replace(/^ +|[ .]+$/g, (ends) => "_".repeat(ends.length))
    .replace(RESERVED, "_$1");
  return safe === "" ? "_" : safe;
}

/** Cuts at a character, before the extension. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= PART_MAX_BYTES) return name;
  const extension = isTextFile(name) ? extname(name) : "";
  let stem = "";
  let room = PART_MAX_BYTES - Buffer.byteLength(extension);
  for (const character of name.slice(0, name.length - extension.length)) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return stem + extension;
}

/** Two names that some file system takes for one have one key. */
const keyOf = (path: string) => path.toUpperCase().toLowerCase().normalize("NFC");

/** Gives out paths, each of them once. The same names in the same order give the same paths. */
export class FileNames {
  readonly #taken = new Set<string>();
  /** Folders by the path that was asked for. */
  readonly #folders = new Map<string, string>();

  /** @param taken paths that are not to be given */
  constructor(...taken: string[]) {
    for (const path of taken) this.#taken.add(keyOf(path));
  }

  /** The folder of a pad, whose name is one part: another pad of that name has another folder. */
  pad(name: string): string {
    return this.#free(safePart(name), "");
  }

  /**
   * The file of a note. In a pad, `/` in its name makes folders, as an import made them part of the name; outside,
   * where a folder would be a pad, it doesn't.
   *
   * @param folder the pad's folder; undefined where the note is in no pad
   */
  note(name: string, folder?: string): string {
    const parts = folder === undefined ? [name] : name.split("/");
    const last = safePart(parts.pop() ?? "");
    let above = folder;
    for (const part of parts) above = this.#folder(safePart(part), above);
    const extension = isTextFile(last) ? extname(last) : ".md";
    const stem = isTextFile(last) ? last.slice(0, last.length - extension.length) : last;
    return this.#free(below(above, stem), extension);
  }

  /** A folder inside a pad: the same for all notes that name it, unless a file has that path. */
  #folder(part: string, above: string | undefined): string {
    const asked = below(above, part);
    const key = keyOf(asked);
    const folder = this.#folders.get(key) ?? this.#free(asked, "");
    this.#folders.set(key, folder);
    return folder;
  }

  #free(stem: string, extension: string): string {
    for (let number = 1; ; number++) {
      const path = number === 1 ? stem + extension : `${stem} (${number})${extension}`;
      const key = keyOf(path);
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return path;
    }
  }
}

const below = (folder: string | undefined, part: string) =>
  folder === undefined ? part : `${folder}/${part}`;
