// Writes an account's notes into a folder: a pad becomes a folder, a note a file. An export never writes over an existing
// file, so it can be stopped and repeated, and destroys nothing.
import { lstat, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Api } from "@notejam/client";
import { isProblem } from "@notejam/client/problem";
import { Failed } from "@notejam/command-line";
import { type FieldValue, valuesOf } from "@notejam/core/note/fields";
import type { NoteSummary } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { PAGE_MAX } from "@notejam/core/paging/schema";
import { each } from "./each.ts";
import { FileNames } from "./file-names.ts";
import { MANIFEST_FILE, type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { pages } from "./pages.ts";
import type { OnProgress } from "./states.ts";

export interface ExportReport {
  total: number;
  /** Notes that were written, found or refused. */
  done: number;
  written: number;
  /** Files that had this text already. */
  there: number;
  refused: { path: string; reason: string }[];
  /** Why the export stopped early. */
  ended?: Error;
}

/** A byte order mark. An import takes one away, so a text that begins with one gets another. */
const MARK = "\u{FEFF}";

/**
 * Exports all live notes of the account that `api` is signed in to.
 *
 * @param folder is created if it is missing
 * @param onProgress called with how many notes are done
 * @throws Failed before anything is written
 */
export async function exportFolder(
  api: Api,
  accountId: string,
  folder: string,
  onProgress: OnProgress = () => undefined,
) {
  const before = await prepare(folder, accountId);
  const report: ExportReport = { total: 0, done: 0, written: 0, there: 0, refused: [] };
  try {
    const { pads } = await (await api.pads.$get()).json();
    const notes = await allNotes(api);
    report.total = notes.length;
    const manifest = layOut(accountId, pads, notes);
    // First, so that the files of an interrupted export keep their names too.
    await writeManifest(folder, united(before, manifest));

    for (const pad of manifest.pads)
      await makeFolder(folder, pad.folder).catch((error) => refuse(error, pad.folder, report));
    await each(manifest.notes, async ({ file, id }) => {
      await exportNote(api, folder, file, id, report).catch((error) => refuse(error, file, report));
      report.done++;
      onProgress(report.done, report.total);
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    report.ended = error;
  }
  return report;
}

/** @returns the list of an earlier export */
async function prepare(folder: string, accountId: string): Promise<Manifest | undefined> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Failed(`${folder} can't be exported to: ${error.message}.`);
  }
  const manifest = await readManifest(folder);
  if (manifest !== undefined && manifest.account !== accountId) {
    throw new Failed(`${folder} holds the export of another account. Choose another folder.`);
  }
  return manifest;
}

/** By name, so that the same notes get the same files each time. */
async function allNotes(api: Api): Promise<NoteSummary[]> {
  const notes = new Map<string, NoteSummary>();
  const query = { order: "name", limit: String(PAGE_MAX) } as const;
  for await (const page of pages((cursor) => api.notes.$get({ query: { ...query, cursor } })))
    for (const note of page.notes) notes.set(note.id, note);
  return [...notes.values()];
}

function layOut(accountId: string, pads: Pad[], notes: NoteSummary[]): Manifest {
  const names = new FileNames(MANIFEST_FILE);
  const folders = new Map(pads.map((pad) => [pad.id, names.pad(pad.name)]));
  return {
    format: "notejam export 1",
    account: accountId,
    pads: pads.map(({ id, name }) => ({ folder: folders.get(id) ?? "", id, name })),
    notes: notes.map((note) => {
      const { id, name, padId, named, pinnedAt, archivedAt } = note;
      const folder = padId === null ? undefined : folders.get(padId);
      const fields = otherFields(note);
      return {
        file: names.note(name, folder),
        id,
        name,
        folder: folder ?? null,
        ...(!named && { named }),
        ...(Object.keys(fields).length > 0 && { fields }),
        ...(pinnedAt !== null && { pinned: true as const }),
        ...(archivedAt !== null && { archived: true as const }),
      };
    }),
  };
}

/** The values of the fields that have no member of their own in the list. */
function otherFields(note: NoteSummary): Record<string, string> {
  const { name, padId, ...others }: Partial<Record<string, FieldValue>> = valuesOf(note);
  return Object.fromEntries(
    Object.entries(others).flatMap(([field, value]) => (value ? [[field, value]] : [])),
  );
}

/** Files that only the earlier list has stay in the folder, and in the list. */
function united(before: Manifest | undefined, now: Manifest): Manifest {
  const folders = new Set(now.pads.map((pad) => pad.folder));
  const files = new Set(now.notes.map((note) => note.file));
  return {
    ...now,
    pads: [...now.pads, ...(before?.pads ?? []).filter((pad) => !folders.has(pad.folder))],
    notes: [...now.notes, ...(before?.notes ?? []).filter((note) => !files.has(note.file))],
  };
}

async function exportNote(api: Api, folder: string, file: string, id: string, report: ExportReport) {
  const { note } = await (await api.notes[":id"].$get({ param: { id } })).json();
  const text = note.text.startsWith(MARK) ? MARK + note.text : note.text;
  const slash = file.lastIndexOf("/");
  if (slash >= 0) await makeFolder(folder, file.slice(0, slash));
  const path = join(folder, file);
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (!(await holds(path, text))) throw new Unfit("another file has this name; it was left as it is");
    report.there++;
    return;
  }
  report.written++;
  const changed = new Date(note.updatedAt);
  await utimes(path, changed, changed);
}

async function holds(path: string, text: string) {
  if (!(await lstat(path)).isFile()) return false;
  return (await readFile(path)).equals(Buffer.from(text));
}

/** Creates a folder part by part. A link on the way would lead outside, so it is refused. */
async function makeFolder(folder: string, below: string) {
  let path = folder;
  for (const part of below.split("/")) {
    path = join(path, part);
    try {
      await mkdir(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      if (!(await lstat(path)).isDirectory())
        throw new Unfit("its folder has the name of something else; that was left as it is");
    }
  }
}

/** This note can't be written; the message says why. */
class Unfit extends Error {
  override name = "Unfit";
}

/** Errors of the file system that concern one file only, unlike a full disk. */
const ABOUT_ONE = ["EACCES", "EPERM", "ENAMETOOLONG", "EINVAL"];

/** Reports what concerns one note; throws what concerns them all. */
function refuse(error: unknown, path: string, report: ExportReport) {
  report.refused.push({ path, reason: reasonOf(error) });
}

function reasonOf(error: unknown): string {
  if (error instanceof Unfit) return error.message;
  if (isProblem(error, "not_found")) return "it was deleted during the export";
  if (error instanceof Error && "code" in error && ABOUT_ONE.includes(String(error.code))) {
    return `it can't be written (${error.code})`;
  }
  throw error;
}
