// Writes an account's notes into a folder: a pad is a folder, a note a file. What is there already is never written
// over, so that an export can be stopped and repeated, and destroys nothing.
import { lstat, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Note, NotePage, type NoteSummary, PAGE_MAX } from "@notejam/core/note/schema";
import { Pad } from "@notejam/core/pad/schema";
import * as z from "zod/mini";
import { type Api, Refusal } from "./api.ts";
import { each } from "./each.ts";
import { FileNames } from "./file-names.ts";
import { FolderUnfit, MANIFEST_FILE, type Manifest, readManifest, writeManifest } from "./manifest.ts";

export interface ExportOptions {
  /** Told of the notes that are done, of how many. */
  onProgress?: (done: number, total: number) => void;
}

export interface ExportReport {
  total: number;
  /** Notes that were looked at, whatever became of them. */
  done: number;
  written: number;
  /** Files that held just this text. */
  there: number;
  refused: { path: string; reason: string }[];
  /** What ended the export before its end. */
  ended?: Error;
}

/** A byte order mark: an import takes one away, so a text that begins with one gets another. */
const MARK = "\u{FEFF}";

/**
 * Exports all live notes of the account that `api` is signed in to.
 *
 * @param folder is made where it is missing
 * @throws FolderUnfit before anything is written
 */
export async function exportFolder(api: Api, accountId: string, folder: string, options: ExportOptions = {}) {
  const before = await prepare(folder, accountId);
  const report: ExportReport = { total: 0, done: 0, written: 0, there: 0, refused: [] };
  try {
    const pads = z.array(Pad).parse((await api.call("GET", "/api/pads")).body.pads);
    const notes = await allNotes(api);
    report.total = notes.length;
    const manifest = layOut(accountId, pads, notes);
    // First, so that what an interrupted export has written keeps its names too.
    await writeManifest(folder, united(before, manifest));

    for (const pad of manifest.pads)
      await makeFolder(folder, pad.folder).catch((error) => refuse(error, pad.folder, report));
    await each(manifest.notes, async ({ file, id }) => {
      await exportNote(api, folder, file, id, report).catch((error) => refuse(error, file, report));
      report.done++;
      options.onProgress?.(report.done, report.total);
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
    throw new FolderUnfit(`${folder} can't be exported to: ${error.message}.`);
  }
  const manifest = await readManifest(folder);
  if (manifest !== undefined && manifest.account !== accountId) {
    throw new FolderUnfit(`${folder} holds the export of another account. Choose another folder.`);
  }
  return manifest;
}

/** By name, so that the same notes are laid out in the same way each time. */
async function allNotes(api: Api): Promise<NoteSummary[]> {
  const notes = new Map<string, NoteSummary>();
  let cursor = "";
  do {
    const { body } = await api.call("GET", `/api/notes?order=name&limit=${PAGE_MAX}${cursor}`);
    const page = NotePage.parse(body);
    for (const note of page.notes) notes.set(note.id, note);
    cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
  } while (cursor !== "");
  return [...notes.values()];
}

function layOut(accountId: string, pads: Pad[], notes: NoteSummary[]): Manifest {
  const names = new FileNames(MANIFEST_FILE);
  const folders = new Map(pads.map((pad) => [pad.id, names.pad(pad.name)]));
  return {
    format: "notejam export 1",
    account: accountId,
    pads: pads.map(({ id, name }) => ({ folder: folders.get(id) ?? "", id, name })),
    notes: notes.map(({ id, name, padId }) => {
      const folder = padId === null ? undefined : folders.get(padId);
      return { file: names.note(name, folder), id, name, folder: folder ?? null };
    }),
  };
}

/** Files that only the earlier list names stay in the folder, and in the list. */
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
  const note = Note.parse((await api.call("GET", `/api/notes/${id}`)).body.note);
  const text = note.text.startsWith(MARK) ? MARK + note.text : note.text;
  const slash = file.lastIndexOf("/");
  if (slash >= 0) await makeFolder(folder, file.slice(0, slash));
  const path = join(folder, file);
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (!(await holds(path, text))) throw new Unfit("another file is there, and stays");
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

/** Makes a folder part by part. A link on the way would lead outside, so it is refused. */
async function makeFolder(folder: string, below: string) {
  let path = folder;
  for (const part of below.split("/")) {
    path = join(path, part);
    try {
      await mkdir(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      if (!(await lstat(path)).isDirectory())
        throw new Unfit("something else than a folder is in its place, and stays");
    }
  }
}

/** This note can't be written there; the message says why. */
class Unfit extends Error {
  override name = "Unfit";
}

/** Errors of the file system that are about the one file; a full disk is not. */
const ABOUT_ONE = ["EACCES", "EPERM", "ENAMETOOLONG", "EINVAL"];

/** Takes down what concerns one note; throws what concerns them all. */
function refuse(error: unknown, path: string, report: ExportReport) {
  report.refused.push({ path, reason: reasonOf(error) });
}

function reasonOf(error: unknown): string {
  if (error instanceof Unfit) return error.message;
  if (error instanceof Refusal && error.code === "not_found") return "it was deleted meanwhile";
  if (error instanceof Error && "code" in error && ABOUT_ONE.includes(String(error.code))) {
    return `it can't be written (${error.code})`;
  }
  throw error;
}
