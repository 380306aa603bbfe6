// Turns the names of pads and notes, which may be any text, into paths that every file system accepts and that stay inside
// the folder of the export. Each path is used once: paths that are equal, ignoring case, are numbered.
import { extname } from "node:path";
import { isTextFile } from "./walk.ts";

/** Bytes in a part of a path: 255 on most file systems, minus room for a number. */
const PART_MAX_BYTES = 240;
/** Characters that Windows forbids in names, control characters, and line separators. */
const UNSAFE = /[\p{Cc}\u2028\u2029<>:"/\\|?*]/gu;
/** Devices on Windows, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\s*(\.|$))/i;

/** One part of a path: never `..`, a device or too long. The extension stays. */
export function safePart(name: string): string {
  const safe = shorten(name)
    .replace(UNSAFE, "_")
    .replace(/^ +|[ .]+$/g, (ends) => "_".repeat(ends.length))
    .replace(RESERVED, "_$1");
  return safe === "" ? "_" : safe;
}

/** Shortens the name before its extension, at the end of a character. */
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

/** Two paths that some file system would treat as one have the same key. */
const keyOf = (path: string) => path.toUpperCase().toLowerCase().normalize("NFC");

/** Assigns paths, each of them once. The same names in the same order give the same paths. */
export class FileNames {
  readonly #taken = new Set<string>();
  /** Folders by the path that their names would give. */
  readonly #folders = new Map<string, string>();

  /** @param taken paths that must not be assigned */
  constructor(...taken: string[]) {
    for (const path of taken) this.#taken.add(keyOf(path));
  }

  /** The folder of a pad, which is one part of a path. Another pad of the same name gets another folder. */
  pad(name: string): string {
    return this.#free(safePart(name), "");
  }

  /**
   * The file of a note. In a pad, `/` in its name makes subfolders, since an import makes subfolders part of the name.
   * Outside a pad it does not, since a folder would be a pad.
   *
   * @param folder the pad's folder; undefined for a note without a pad
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

  /** A folder inside a pad: the same for all notes that have it in their names, unless a file has that path. */
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
