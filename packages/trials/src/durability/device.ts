// A device of a user: editors that save as the web app's do, with its saver and its merge, and what else a user does to notes and
// pads. It keeps what it was told is saved.
import { randomUUID } from "node:crypto";
import { type Api, ifMatch } from "@notejam/client";
import { byField, valuesOf, type Written } from "@notejam/core/note/fields";
import type { Note, SaveNote } from "@notejam/core/note/schema";
import type { Page, Service, UnreadNote } from "@notejam/web/notes/editor/page";
import { isSame, Saver } from "@notejam/web/notes/editor/saver";
import { firstLine, writtenOf } from "@notejam/web/notes/first-line";
import { saveLeft } from "@notejam/web/notes/left/save-left";
import { merge, wholeConflict } from "@notejam/web/notes/merge/merge";
import { sidesOf } from "@notejam/web/notes/merge/sides";
import { readState, sendChange, sendNote } from "@notejam/web/notes/note-requests";
import { keptDraft } from "./draft.ts";
import { insist, TRIES, tried } from "./insist.ts";
import type { Act, Choice, Edit } from "./plan.ts";
import { edited, wordsOf } from "./texts.ts";

/** What the devices of a user share: the ids that there may be, and the account as it stood at some times. */
export interface Shared {
  notes: string[];
  pads: string[];
  moments: Moment[];
}

/** The account while no device did anything. */
export interface Moment {
  at: string;
  /** Live notes by their ids. */
  notes: ReadonlyMap<string, Note>;
  /** Names of live pads by their ids. */
  pads: ReadonlyMap<string, string>;
}

/** What devices told their users. */
export interface Told {
  /** A note's version has what was written. */
  saved: { note: Note; written: Written }[];
  /** Each word of a text is in some state of these notes: of the one that was written, or of the new one that it became. */
  kept: { ids: string[]; text: string }[];
  /** Texts that were sent without a decision of the user, with the words that the device had shown by then. */
  sent: { id: string; base: number; text: string; hadShown(word: string): boolean }[];
  acts: number;
  merges: number;
  conflicts: number;
  /** Drafts that were saved without an editor. */
  left: number;
}

interface Editor {
  /** The note's id, and before it those that it had: a note that was deleted elsewhere becomes a new one. */
  ids: string[];
  saver: Saver;
  written: Written;
  /** All that was written since the draft began. */
  draft: Written[];
}

/** Of the user. */
export const PASSWORD = "correct horse battery";
/** Notes on which devices mostly meet. */
const SHARED = 3;

export class Device {
  readonly #name: string;
  readonly #api: Api;
  readonly #shared: Shared;
  readonly #told: Told;
  readonly #editors = new Map<string, Editor>();
  /** When each word was shown first, in saves. */
  readonly #shown = new Map<string, number>();
  #saves = 0;
  #words = 0;

  /** @param name is in each word that it writes */
  constructor(name: string, api: Api, shared: Shared, told: Told) {
    this.#name = name;
    this.#api = api;
    this.#shared = shared;
    this.#told = told;
  }

  async do(act: Act, choice: Choice): Promise<void> {
    this.#told.acts++;
    switch (act.act) {
      case "create":
        return await this.#create(this.#pad(act.pad), act.edit, choice);
      case "write":
        return await this.#change(act, choice, (written) => {
          written.text = edited(written.text, act.edit, this.#word());
        });
      case "name":
        return await this.#change(act, choice, (written) => {
          written.named = act.isNamed;
          if (act.isNamed) written.name = `Name ${this.#word()}`;
        });
      case "put":
        return await this.#change(act, choice, (written) => {
          written.padId = this.#pad(act.pad);
        });
      case "crash":
        return await this.#crash(this.#note(act.note));
      case "leave":
        await this.#change({ note: act.note, saves: false }, choice, (written) => {
          written.text = edited(written.text, act.edit, this.#word());
        });
        return await this.#leave(this.#note(act.note), choice);
      default:
        await tried(() => this.#request(act));
    }
  }

  /** Saves what is written in all editors, and closes them. */
  async finish(choice: Choice): Promise<void> {
    for (const editor of this.#editors.values()) await this.#settle(editor, choice);
    for (const { saver } of this.#editors.values()) saver.close();
    this.#editors.clear();
  }

  async #request(act: Act): Promise<unknown> {
    const api = this.#api;
    switch (act.act) {
      case "move":
        return await api.notes.move.$post({
          json: { notes: this.#notes(act.notes).map((id) => ({ id, padId: this.#pad(act.pad) })) },
        });
      case "delete":
        return await api.notes[":id"].$delete({ param: { id: this.#note(act.note) } });
      case "deleteSeveral":
        return await api.notes.delete.$post({ json: { ids: this.#notes(act.notes) } });
      case "restore":
        return await api.trash.notes[":id"].restore.$post({
          param: { id: this.#note(act.note) },
          json: act.isTakenOut ? { padId: null } : {},
        });
      case "restoreSeveral":
        return await api.notes.restore.$post({ json: { ids: this.#notes(act.notes) } });
      case "goBack":
        return await this.#goBack(this.#note(act.note), act.version);
      case "restorePast": {
        const { at } = one(this.#shared.moments, act.moment);
        return await api.history.restore.$post({ json: { at, ids: this.#notes(act.notes) } });
      }
      case "renamePad":
        return await this.#renamePad(one(this.#shared.pads, act.pad));
      case "deletePad":
        return await api.pads[":id"].$delete({ param: { id: one(this.#shared.pads, act.pad) } });
      case "restorePad":
        return await api.trash.pads[":id"].restore.$post({ param: { id: one(this.#shared.pads, act.pad) } });
      case "purge":
        return await this.#purge(act.isInPad);
    }
  }

  async #purge(isInPad: boolean): Promise<void> {
    const { notes, pads, trash } = this.#api;
    const [padId, ...ids] = [randomUUID(), randomUUID(), randomUUID()];
    const json = { password: PASSWORD };
    if (isInPad) await insist(() => pads.$post({ json: { id: padId, name: "Doomed" } }));
    for (const id of ids) {
      const note = { id, name: "Doomed", text: "Doomed.", padId: isInPad ? padId : null };
      await insist(() => notes.$post({ json: note }));
    }
    if (isInPad) {
      const param = { id: padId };
      await insist(() => pads[":id"].$delete({ param }));
      await insist(() => trash.pads[":id"].$delete({ param, json }));
      return;
    }
    for (const id of ids) {
      await insist(() => notes[":id"].$delete({ param: { id } }));
      await insist(() => trash.notes[":id"].$delete({ param: { id }, json }));
    }
  }

  async #goBack(id: string, by: number): Promise<void> {
    const param = { id };
    const { revisions } = await (await this.#api.notes[":id"].revisions.$get({ param, query: {} })).json();
    const version = String(one(revisions, by).version);
    await insist(() =>
      this.#api.notes[":id"].revisions[":version"].restore.$post({ param: { id, version } }),
    );
  }

  async #renamePad(id: string): Promise<void> {
    const name = `Pad ${this.#word()}`;
    const param = { id };
    const { pad } = await (await this.#api.pads[":id"].$get({ param })).json();
    await insist(() => this.#api.pads[":id"].$patch({ param, header: ifMatch(pad.version), json: { name } }));
  }

  // --- editors ----------------------------------------------------------------------------------------------------------

  async #create(padId: string | null, edit: Edit, choice: Choice): Promise<void> {
    const text = edited("First.\nSecond.", edit, this.#word());
    const editor = this.#editor(
      [randomUUID()],
      undefined,
      writtenOf({ ...byField(() => null), padId }, text),
    );
    editor.saver.changed();
    await this.#settle(editor, choice);
  }

  async #change(
    { note, saves }: { note: number; saves: boolean },
    choice: Choice,
    change: (written: Written) => void,
  ): Promise<void> {
    const editor = await this.#open(this.#note(note));
    if (!editor) return;
    const written = { ...editor.written };
    change(written);
    if (!written.named) written.name = firstLine(written.text);
    this.#show(editor, written);
    editor.draft.push(written);
    editor.saver.changed();
    if (saves) await this.#settle(editor, choice);
  }

  /** @returns undefined if the note is not there */
  async #open(id: string): Promise<Editor | undefined> {
    const open = this.#editors.get(id);
    if (open) return open;
    const note = await tried(() => this.#read(id));
    return note && this.#editor([id], note, writtenOf(valuesOf(note), note.text));
  }

  /** Its editor is gone, and another goes on with the draft, from a version that it may not have. */
  async #crash(id: string): Promise<void> {
    const open = this.#editors.get(id);
    if (!open?.saver.isUnsaved) return;
    const { saver, written, draft } = open;
    saver.close();
    const now = await tried(() => this.#read(id));
    const version = saver.saved?.version;
    const isKnown = now && (now.version === version || draft.some((one) => isSame(one, now)));
    const saved = version === undefined ? undefined : { version };
    const next = this.#editor(open.ids, isKnown ? now : saved, written, draft);
    next.saver.changed();
  }

  /** Its tab is closed offline. What was left is saved without an editor, unless its user must decide: then another goes on. */
  async #leave(id: string, choice: Choice): Promise<void> {
    const open = this.#editors.get(id);
    if (!open?.saver.isUnsaved) return;
    open.saver.close();
    this.#editors.delete(id);
    const version = open.saver.saved?.version;
    const left = keptDraft(id, version, open.draft);
    const service = { ...this.#service(() => id), read: () => this.#read(id) };
    for (let tries = 0; tries < TRIES; tries++) {
      const state = await saveLeft(left, service, () => void this.#told.merges++);
      if (state.kind === "saved") {
        this.#told.left++;
        this.#told.kept.push({ ids: open.ids, text: open.written.text });
        return;
      }
      if (state.kind !== "offline") break;
    }
    const next = this.#editor(
      open.ids,
      version === undefined ? undefined : { version },
      open.written,
      open.draft,
    );
    next.saver.changed();
    await this.#settle(next, choice);
  }

  #editor(
    ids: string[],
    saved: Note | UnreadNote | undefined,
    written: Written,
    draft: Written[] = [],
  ): Editor {
    const editor = { ids, draft: [...draft, written] } as Editor;
    this.#show(editor, written);
    const left = draft.length > 0;
    const page: Page = {
      read: () => editor.written,
      length: () => editor.written.text.length,
      show: (written) => this.#show(editor, written),
      wasLeft: (theirs) => left && draft.some((one) => isSame(one, theirs)),
      onState: () => undefined,
      onSaved: (note, written) => this.#told.saved.push({ note, written }),
      onMerged: () => void this.#told.merges++,
    };
    editor.saver = new Saver(
      page,
      this.#service(() => idOf(editor)),
      saved,
    );
    this.#editors.set(idOf(editor), editor);
    if (!this.#shared.notes.includes(idOf(editor))) this.#shared.notes.push(idOf(editor));
    return editor;
  }

  #service(id: () => string): Service {
    return {
      create: (written) => sendNote(this.#api, { id: id(), ...written }),
      save: (base, change) => this.#save(id(), base, change),
      readBase: (version) => readState(this.#api, id(), version),
      async merge(base, mine, theirs) {
        const merged = base === undefined ? wholeConflict(base, mine, theirs) : merge(base, mine, theirs);
        return { ...merged, sides: sidesOf(merged) };
      },
    };
  }

  /** Saves until the device says that all is saved, or its user gives up. */
  async #settle(editor: Editor, { keep, createsAgain }: Choice): Promise<void> {
    const { saver } = editor;
    const texts = [editor.written.text];
    for (let tries = 0; tries < TRIES; tries++) {
      await saver.flush();
      const { state } = saver;
      if (state.kind === "conflict") {
        this.#told.conflicts++;
        this.#hasShown(state.theirs.text);
        texts.push(editor.written.text, state.theirs.text);
        await saver.resolve(keep);
      } else if (state.kind === "deleted" && createsAgain) {
        this.#becomeNew(editor);
        await saver.createAgain();
      } else if (state.kind === "saved") {
        for (const text of texts) this.#told.kept.push({ ids: editor.ids, text });
        return;
      } else if (state.kind !== "offline" && state.kind !== "saving") break;
    }
    // The note is gone, or its pad is.
    saver.close();
    this.#editors.delete(idOf(editor));
  }

  /** What is written becomes a note of another id. */
  #becomeNew(editor: Editor): void {
    this.#editors.delete(idOf(editor));
    editor.ids.push(randomUUID());
    this.#editors.set(idOf(editor), editor);
    this.#shared.notes.push(idOf(editor));
  }

  #show(editor: Editor, written: Written): void {
    editor.written = written;
    this.#hasShown(written.text);
  }

  #hasShown(text: string): void {
    for (const word of wordsOf(text)) if (!this.#shown.has(word)) this.#shown.set(word, this.#saves);
  }

  async #save(id: string, base: number, json: SaveNote): Promise<Note> {
    const at = this.#saves++;
    if (json.text !== undefined && json.kind !== "conflict")
      this.#told.sent.push({
        id,
        base,
        text: json.text,
        hadShown: (word) => (this.#shown.get(word) ?? Number.POSITIVE_INFINITY) <= at,
      });
    return await sendChange(this.#api, id, base, json);
  }

  async #read(id: string): Promise<Note> {
    return (await (await this.#api.notes[":id"].$get({ param: { id } })).json()).note;
  }

  // --- what is counted around ---------------------------------------------------------------------------------------------

  #word(): string {
    return `‹${this.#name}${++this.#words}›`;
  }

  /** Mostly one of the first notes, so that devices meet there. */
  #note(at: number): string {
    const { notes } = this.#shared;
    return one(at % 3 > 0 ? notes.slice(0, SHARED) : notes, Math.floor(at / 3));
  }

  #notes(at: readonly number[]): string[] {
    return [...new Set(at.map((one) => this.#note(one)))];
  }

  /** A pad's id, or null for none. */
  #pad(at: number): string | null {
    return one([null, ...this.#shared.pads], at);
  }
}

function idOf({ ids }: Editor): string {
  return String(ids.at(-1));
}

function one<T>(all: readonly T[], at: number): T {
  return all[at % all.length] as T;
}
