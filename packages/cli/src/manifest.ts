// The list that an export leaves in its folder. Not every name of a pad or note can be the name of a file, so the list keeps
// names and ids: an import of the folder creates the same notes in any account, and adds nothing to the account that was
// exported. A folder without the list is imported by its paths alone.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failed } from "@notejam/command-line";
import { Id } from "@notejam/core/field/schema";
import * as z from "zod/mini";

export const MANIFEST_FILE = "notejam.json";

export const Manifest = z.object({
  format: z.literal("notejam export 1"),
  /** Id of the account that was exported. */
  account: Id,
  pads: z.array(z.object({ folder: z.string(), id: Id, name: z.string() })),
  /** `folder` is the pad's folder, or null for a note without a pad. What most notes are is left out. */
  notes: z.array(
    z.object({
      file: z.string(),
      id: Id,
      name: z.string(),
      folder: z.nullable(z.string()),
      named: z.optional(z.literal(false)),
      /** Fields beside the name and the pad, by their names. */
      fields: z.optional(z.record(z.string(), z.string())),
      pinned: z.optional(z.literal(true)),
      archived: z.optional(z.literal(true)),
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

/**
 * @returns undefined if the folder has no list
 * @throws Failed if the file of that name is not a list
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
  throw new Failed(
    `${path} is not a list that an export wrote, or it is damaged. Move it to another folder first.`,
  );
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
