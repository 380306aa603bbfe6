// The list that an export leaves in its folder. File names can't say everything that a pad or note may be called; the
// list keeps the names and ids, so that an import of the folder makes the same notes, in any account, and adds nothing
// to the one they came from. A folder without the list is imported by its paths alone.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Id } from "@notejam/core/field/schema";
import * as z from "zod/mini";

export const MANIFEST_FILE = "notejam.json";

export const Manifest = z.object({
  format: z.literal("notejam export 1"),
  /** Id of the account that was exported. */
  account: Id,
  pads: z.array(z.object({ folder: z.string(), id: Id, name: z.string() })),
  /** `folder` is the pad's folder; null: in no pad. */
  notes: z.array(z.object({ file: z.string(), id: Id, name: z.string(), folder: z.nullable(z.string()) })),
});
export type Manifest = z.infer<typeof Manifest>;

/** The folder can't be imported or exported to; the message is a sentence for the user. */
export class FolderUnfit extends Error {
  override name = "FolderUnfit";
}

/**
 * @returns undefined where the folder has none
 * @throws FolderUnfit where it has something else by that name
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const manifest = Manifest.safeParse(parsed(text));
  if (manifest.success) return manifest.data;
  throw new FolderUnfit(`${path} is not the list that an export writes, or is damaged. Move it away first.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}
