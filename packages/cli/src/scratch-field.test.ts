// No field of a note can be forgotten: an export takes the fields from the table, and an import brings them back. So they do with a
// field that is added here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Api } from "@notejam/client";
import { Problem } from "@notejam/client/problem";
import { FIELD_NAMES, FIELDS, type FieldName } from "@notejam/core/note/fields";
import { expect, test, vi } from "vitest";
import type { Connection } from "./connection.ts";
import { exportFolder } from "./export.ts";
import { importFolder } from "./import.ts";
import { readManifest } from "./manifest.ts";

vi.mock(import("@notejam/core/note/schema"), async (original) => {
  const { z } = await import("zod/mini").then((z) => ({ z }));
  const schema = await original();
  const scratch = z.optional(z.nullable(z.string()));
  return { ...schema, CreateNote: z.extend(schema.CreateNote, { scratch }) as never };
});
Object.assign(FIELDS, {
  scratch: {
    read: (fields: { scratch?: string | null }) => fields.scratch,
    write: (scratch: string | null) => ({ scratch }),
  },
});
FIELD_NAMES.push("scratch" as FieldName);

const ACCOUNT = "1c7d4a52-9d6e-4b65-8f0e-6f2b7c1d3e4f";

interface Kept {
  id: string;
  scratch: string | null;
}

/** An account with notes that have the field, or do not. */
function accountWith(notes: Kept[]) {
  const json = (body: unknown, status = 200) => ({ status, json: async () => body });
  const all = new Map(notes.map((note) => [note.id, note]));
  const api = {
    pads: { $get: async () => json({ pads: [] }) },
    notes: {
      $get: async () => json({ notes: [...all.values()], nextCursor: null }),
      $post: async ({ json: note }: { json: Kept }) => {
        if (all.has(note.id)) throw new Problem("conflict");
        all.set(note.id, note);
        return json({ note }, 201);
      },
      ":id": { $get: async ({ param }: { param: { id: string } }) => json({ note: all.get(param.id) }) },
    },
  };
  return { api: api as unknown as Api, all };
}

const note = (id: string, scratch: string | null) => ({
  id,
  name: "A note",
  named: true,
  padId: null,
  text: "Text",
  scratch,
  pinnedAt: null,
  archivedAt: null,
  updatedAt: "2026-01-01T00:00:00.000Z",
});

test("a field comes back from an export, and a note in which it is another one counts as changed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-fields-"));
  const [german, none] = ["0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35", "1b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35"];
  const before = accountWith([note(german, "de"), note(none, null)]);
  await exportFolder(before.api, ACCOUNT, folder);
  expect((await readManifest(folder))?.notes.map(({ fields }) => fields)).toEqual([
    { scratch: "de" },
    undefined,
  ]);

  const after = accountWith([]);
  const into = ({ api }: { api: Api }) => importFolder({ api, origin: "" } as Connection, ACCOUNT, folder);
  expect(await into(after)).toMatchObject({ created: 2, refused: [] });
  expect(after.all.get(german)).toMatchObject({ scratch: "de" });
  expect(after.all.get(none)?.scratch ?? null).toBe(null);

  expect(await into(before)).toMatchObject({ there: 2, changed: [] });
  expect(await into(accountWith([note(german, "fr"), note(none, null)]))).toMatchObject({
    there: 1,
    changed: ["A note.md"],
  });
  rmSync(folder, { recursive: true });
});
