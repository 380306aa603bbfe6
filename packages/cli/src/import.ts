// Imports a folder of Markdown and text files into an account: a file becomes a note, its top folder a pad. Ids are derived
// from the paths, so an import can be stopped and repeated, and adds each note once.
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Api } from "@notejam/client";
import { type Code, isProblem } from "@notejam/client/problem";
import { oneLine } from "@notejam/core/field/limits";
import { utf8Bytes } from "@notejam/core/field/schema";
import { fieldsOf, saysSame } from "@notejam/core/note/fields";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import { CreateNote } from "@notejam/core/note/schema";
import { PADS_MAX } from "@notejam/core/pad/limits";
import { CreatePad } from "@notejam/core/pad/schema";
import { type Connection, explain } from "./connection.ts";
import { derivedId } from "./derived-id.ts";
import { each } from "./each.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { unlessMissing } from "./missing.ts";
import { walk, whyUnreadable } from "./walk.ts";

export interface ImportOptions {
  /** A glob that file names must match. */
  pattern?: string | undefined;
  /** Called with how many files are done. */
  onProgress?: (done: number, total: number) => void;
}

export interface ImportReport {
  /** Files that were found. */
  total: number;
  /** Files that were imported, found again or refused. */
  done: number;
  created: number;
  /** Notes that an earlier import created. */
  there: number;
  /** Files whose note has another content: neither is changed. */
  changed: string[];
  refused: { path: string; reason: string }[];
  /** Symbolic links that were not followed. */
  links: number;
  /** Why the import stopped early. */
  ended?: Error;
}

/** What a file will become, decided before it is read. */
type Plan = Manifest["notes"][number];

/** This file can't become a note; the message says why. */
class Unfit extends Error {
  override name = "Unfit";
}

const decoder = new TextDecoder("utf-8", { fatal: true });
/** A byte order mark, which is not part of the text. */
const MARK_BYTES = 3;
const TOO_LONG = `it is over ${TEXT_MAX_BYTES / 1024} KiB`;

/**
 * Imports all files of `folder`. A failure that concerns one file is reported, and the import goes on. One that concerns
 * them all (the service is gone, the session ended, the user stopped it) ends the import; the report says how far it came.
 *
 * @param accountId of the account that `connection` is signed in to
 */
export async function importFolder(
  connection: Connection,
  accountId: string,
  folder: string,
  options: ImportOptions = {},
) {
  const { api } = connection;
  const { files, links, unreadable } = await walk(folder, options.pattern);
  const manifest = await readManifest(folder);
  const outcome = { created: 0, there: 0, changed: [], refused: unreadable };
  const report: ImportReport = { total: files.length, done: 0, ...outcome, links };
  const pads = new Pads(api, accountId, manifest);
  function refuse(error: unknown, path: string): void {
    report.refused.push({ path, reason: reasonOf(error, connection) });
  }
  try {
    await each(listedPads(folder, manifest, options.pattern), async (pad) => {
      await pads.ensure(pad).catch((error) => refuse(error, pad));
    });
    await each(plans(files, accountId, manifest), async (plan) => {
      await importFile(api, folder, plan, pads, report).catch((error) => refuse(error, plan.file));
      report.done++;
      options.onProgress?.(report.done, report.total);
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    report.ended = error;
  }
  return report;
}

/** Pads that the list has, so that empty ones are imported too. With a pattern, only the pads of its files are. */
function listedPads(folder: string, manifest: Manifest | undefined, pattern: string | undefined): string[] {
  if (pattern !== undefined) return [];
  const folders = manifest?.pads.map((pad) => pad.folder) ?? [];
  return folders.filter((pad) => existsSync(join(folder, pad)));
}

function* plans(files: string[], accountId: string, manifest: Manifest | undefined): Generator<Plan> {
  const listed = new Map(manifest?.notes.map((note) => [note.file, note]));
  for (const path of files) {
    const slash = path.indexOf("/");
    yield listed.get(path) ?? {
      file: path,
      id: derivedId(accountId, "note", path),
      name: path.slice(slash + 1),
      folder: slash < 0 ? null : path.slice(0, slash),
    };
  }
}

async function importFile(api: Api, folder: string, plan: Plan, pads: Pads, report: ImportReport) {
  const text = await readText(join(folder, plan.file));
  // Checked before a pad is created for it.
  const { id, named, fields = {}, pinned, archived } = plan;
  const name = oneLine(plan.name);
  const fit = CreateNote.safeParse({ ...fieldsOf(fields), id, name, text, named });
  if (!fit.success) throw new Unfit(fit.error.issues.map((issue) => issue.message).join("; "));
  const padId = plan.folder === null ? null : await pads.ensure(plan.folder);
  const note = { ...fit.data, padId };
  try {
    const { status } = await api.notes.$post({ json: note });
    if (status !== 201) {
      report.there++;
      return;
    }
    report.created++;
    // A note that was there already keeps the marks that its owner has given it since.
    if (pinned || archived) await api.notes[":id"].marks.$put({ param: { id }, json: { pinned, archived } });
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
    const present = await unlessMissing(api.notes[":id"].$get({ param: { id } }));
    if (present === undefined) throw new Unfit("its note is in the trash");
    const { note: now } = await present.json();
    if (saysSame(now, { ...now, ...note, named: named ?? true })) report.there++;
    else report.changed.push(plan.file);
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

/** Creates each pad once, when the first of its notes is imported. */
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

  /** @returns the pad's id; @throws Unfit for each of its files if it can't be created */
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
    const fit = CreatePad.safeParse({ id, name: oneLine(name) });
    if (!fit.success)
      throw new Unfit(`its pad: ${fit.error.issues.map((issue) => issue.message).join("; ")}`);
    try {
      await this.#api.pads.$post({ json: fit.data });
    } catch (error) {
      if (isProblem(error, "too_many_pads")) {
        throw new Unfit(`its pad can't be created: an account has at most ${PADS_MAX}`);
      }
      if (!isProblem(error, "conflict")) throw error;
      // A pad that an earlier import created is still the pad when it was renamed.
      const live = await unlessMissing(this.#api.pads[":id"].$get({ param: { id } }));
      if (!live) throw new Unfit("its pad is in the trash");
    }
    return id;
  }
}

/** Problems with the one thing that was sent; the next file would meet any other problem too. */
const ABOUT_ONE: Code[] = ["malformed", "conflict", "too_large", "invalid_input", "internal"];

/** @throws what concerns all files */
function reasonOf(error: unknown, connection: Connection): string {
  if (error instanceof Unfit) return error.message;
  if (isProblem(error, ...ABOUT_ONE)) return explain(error, connection);
  throw error;
}
