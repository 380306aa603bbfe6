// Brings a folder of Markdown and text files into an account: a file is a note, its top folder a pad. Ids come from
// the paths, so that an import can be stopped and repeated as often as one likes and adds each note once.
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { utf8Bytes } from "@notejam/core/field/schema";
import { CreateNote, Note, TEXT_MAX_BYTES } from "@notejam/core/note/schema";
import { CreatePad, PADS_MAX } from "@notejam/core/pad/schema";
import { type Api, Refusal } from "./api.ts";
import { each } from "./each.ts";
import { derivedId } from "./derived-id.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { walk, whyUnreadable } from "./walk.ts";

export interface ImportOptions {
  /** A glob that file names have to match. */
  pattern?: string | undefined;
  /** Told of the files that are done, of how many. */
  onProgress?: (done: number, total: number) => void;
}

export interface ImportReport {
  /** Files that the folder has to offer. */
  total: number;
  /** Files that were looked at, whatever became of them. */
  done: number;
  created: number;
  /** Notes that an earlier import made. */
  there: number;
  /** Files whose note is there with another content: neither is touched. */
  changed: string[];
  refused: { path: string; reason: string }[];
  /** Symbolic links that were not followed. */
  links: number;
  /** What ended the import before its end. */
  ended?: Error;
}

/** What is to become of a file, before it is read. */
interface Plan {
  path: string;
  id: string;
  name: string;
  /** Below the imported folder; null: the note is in no pad. */
  folder: string | null;
}

/** This file can't be a note; the message says why. */
class Unfit extends Error {
  override name = "Unfit";
}

const decoder = new TextDecoder("utf-8", { fatal: true });
/** A byte order mark, which is no part of the text. */
const MARK_BYTES = 3;
const TOO_LONG = `it is over ${TEXT_MAX_BYTES / 1024} KiB`;

/**
 * Imports all that `folder` has. One file's failure is reported and the rest goes on; what concerns them all (the
 * service is gone, the session ended, the user asked to stop) ends the import, and the report says how far it came.
 *
 * @param accountId of the account that `api` is signed in to
 */
export async function importFolder(api: Api, accountId: string, folder: string, options: ImportOptions = {}) {
  const { files, links, unreadable } = await walk(folder, options.pattern);
  const manifest = await readManifest(folder);
  const outcome = { created: 0, there: 0, changed: [], refused: unreadable };
  const report: ImportReport = { total: files.length, done: 0, ...outcome, links };
  const pads = new Pads(api, accountId, manifest);
  try {
    await each(listedPads(folder, manifest, options.pattern), async (pad) => {
      await pads.ensure(pad).catch((error) => refuse(error, pad, report));
    });
    await each(plans(files, accountId, manifest), async (plan) => {
      await importFile(api, folder, plan, pads, report).catch((error) => refuse(error, plan.path, report));
      report.done++;
      options.onProgress?.(report.done, report.total);
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    report.ended = error;
  }
  return report;
}

/** Pads that the list names, so that an empty one comes too. Files that were asked for by name bring their pads themselves. */
function listedPads(folder: string, manifest: Manifest | undefined, pattern: string | undefined): string[] {
  if (pattern !== undefined) return [];
  const folders = manifest?.pads.map((pad) => pad.folder) ?? [];
  return folders.filter((pad) => existsSync(join(folder, pad)));
}

function* plans(files: string[], accountId: string, manifest: Manifest | undefined): Generator<Plan> {
  const listed = new Map(manifest?.notes.map((note) => [note.file, note]));
  for (const path of files) {
    const note = listed.get(path);
    const slash = path.indexOf("/");
    yield note
      ? { path, id: note.id, name: note.name, folder: note.folder }
      : {
          path,
          id: derivedId(accountId, "note", path),
          name: path.slice(slash + 1),
          folder: slash < 0 ? null : path.slice(0, slash),
        };
  }
}

async function importFile(api: Api, folder: string, plan: Plan, pads: Pads, report: ImportReport) {
  const text = await readText(join(folder, plan.path));
  // Before a pad is made for it.
  const fit = CreateNote.safeParse({ id: plan.id, name: plan.name, text });
  if (!fit.success) throw new Unfit(fit.error.issues.map((issue) => issue.message).join("; "));
  const padId = plan.folder === null ? null : await pads.ensure(plan.folder);
  const note = { ...fit.data, padId };
  try {
    const { status } = await api.call("POST", "/api/notes", note);
    if (status === 201) report.created++;
    else report.there++;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "conflict") throw error;
    const present = await presentNote(api, plan.id);
    if (present === undefined) throw new Unfit("its note lies in the trash");
    if (present.name === note.name && present.text === note.text) report.there++;
    else report.changed.push(plan.path);
  }
}

async function presentNote(api: Api, id: string): Promise<Note | undefined> {
  try {
    return Note.parse((await api.call("GET", `/api/notes/${id}`)).body.note);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") return undefined;
    throw error;
  }
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    if ((await stat(file)).size > TEXT_MAX_BYTES + MARK_BYTES) throw new Unfit(TOO_LONG);
    bytes = await readFile(file);
  } catch (error) {
    throw error instanceof Unfit ? error : new Unfit(whyUnreadable(error as NodeJS.ErrnoException));
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new Unfit("it is not UTF-8");
  }
  if (text === "") throw new Unfit("it is empty");
  if (utf8Bytes(text) > TEXT_MAX_BYTES) throw new Unfit(TOO_LONG);
  return text;
}

/** Makes each pad once, when the first note that belongs in it comes. */
class Pads {
  readonly #api: Api;
  readonly #accountId: string;
  readonly #listed: Map<string, { id: string; name: string }>;
  readonly #made = new Map<string, Promise<string>>();

  constructor(api: Api, accountId: string, manifest: Manifest | undefined) {
    this.#api = api;
    this.#accountId = accountId;
    this.#listed = new Map(manifest?.pads.map((pad) => [pad.folder, pad]));
  }

  /** @returns the pad's id; @throws Unfit where it can't be had, for each file in it */
  ensure(folder: string): Promise<string> {
    const made = this.#made.get(folder) ?? this.#make(folder);
    this.#made.set(folder, made);
    return made;
  }

  async #make(folder: string): Promise<string> {
    const { id, name } = this.#listed.get(folder) ?? {
      id: derivedId(this.#accountId, "pad", folder),
      name: folder,
    };
    const fit = CreatePad.safeParse({ id, name });
    if (!fit.success)
      throw new Unfit(`its pad: ${fit.error.issues.map((issue) => issue.message).join("; ")}`);
    try {
      await this.#api.call("POST", "/api/pads", fit.data);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === "too_many_pads")
        throw new Unfit(`no pad for it: an account has at most ${PADS_MAX}`);
      if (error.code !== "conflict") throw error;
      if (!(await this.#isLive(id))) throw new Unfit("its pad lies in the trash");
    }
    return id;
  }

  /** A pad that an earlier import made and somebody renamed is the pad. */
  async #isLive(id: string) {
    try {
      await this.#api.call("GET", `/api/pads/${id}`);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === "not_found") return false;
      throw error;
    }
  }
}

/** Answers that are about the one thing that was sent; the others would come for the next file too. */
const ABOUT_ONE = [400, 409, 413, 422, 500];

/** Takes down what concerns one file; throws what concerns them all. */
function refuse(error: unknown, path: string, report: ImportReport) {
  const one = error instanceof Unfit || (error instanceof Refusal && ABOUT_ONE.includes(error.status));
  if (!one) throw error;
  report.refused.push({ path, reason: error.message });
}
