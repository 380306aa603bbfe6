// A service with one note, and pages that write it, for tests that drive a saver with a clock of their own.
import { Problem } from "@notejam/client/problem";
import { byField, valuesOf, type Written } from "@notejam/core/note/fields";
import type { Note, SaveNote } from "@notejam/core/note/schema";
import { expect } from "vitest";
import { writtenOf } from "../../first-line.ts";
import { merge, wholeConflict } from "../../merge/merge.ts";
import { sidesOf } from "../../merge/sides.ts";
import type { Page, SaveState, Service } from "../page.ts";
import { Saver } from "../saver.ts";

const EMPTY = writtenOf({ ...byField(() => null), name: "A note" }, "");

/** A service with one note, that fails as it is told. */
export function noteService(text: string | undefined) {
  let note: Note | undefined;
  const sizes: number[] = [];
  const states = new Map<number, Note>();
  const kinds: SaveNote["kind"][] = [];
  const words: SaveNote["words"][] = [];
  const service = {
    /** The note at each version; how each save came about, and the words that it counted. */
    states,
    kinds,
    words,
    fail: undefined as Problem | undefined,
    /** Whether the note is saved, but the answer is lost. */
    losesAnswers: false,
    latencyMs: 50,
    get note() {
      return note;
    },
    sizes,
    put(written: Partial<Written>): Note {
      const before = note ?? ({ id: "n", version: 0, ...EMPTY } as unknown as Note);
      note = { ...before, ...written, version: before.version + 1, updatedAt: new Date().toISOString() };
      states.set(note.version, note);
      return note;
    },
    async write({ kind, words: counted, ...written }: SaveNote, base: number | undefined): Promise<Note> {
      await new Promise((resolve) => setTimeout(resolve, service.latencyMs));
      if (service.fail) throw service.fail;
      const isRepeated = note?.version === (base ?? 0) + 1 && isIn(written, note);
      if (!isRepeated && note?.version !== base) {
        throw new Problem("version_mismatch", { current: note });
      }
      if (!isRepeated) {
        sizes.push(written.text?.length ?? 0);
        kinds.push(kind);
        words.push(counted);
      }
      const saved = isRepeated && note ? note : service.put(written as Partial<Written>);
      if (service.losesAnswers) throw new Problem("unreachable");
      return saved;
    },
    /** Over what an earlier request without an answer has made. */
    create: (written: Written) => service.write(written, note?.version),
    save: (base: number, change: SaveNote) => service.write(change, base),
    readBase: async (version: number): Promise<Written | undefined> => states.get(version),
  };
  if (text !== undefined) service.put({ text });
  return service;
}

function isIn(written: object, note: object): boolean {
  return Object.entries(written).every(([key, value]) => (note as Record<string, unknown>)[key] === value);
}

/** An editor whose text the test writes. */
export function writing(
  text: string | undefined,
  {
    left,
    isUnread = false,
    service = noteService(text),
  }: { left?: string; isUnread?: boolean; service?: ReturnType<typeof noteService> } = {},
) {
  const written = writtenOf(valuesOf(service.note ?? EMPTY), text ?? "");
  const states: SaveState[] = [];
  const merged: Note[] = [];
  let running = 0;
  const oneAtATime = async (write: Promise<Note>) => {
    expect(++running).toBe(1);
    return await write.finally(() => running--);
  };
  const page: Page = {
    read: () => ({ ...written }),
    length: () => written.text.length,
    show: (shown) => Object.assign(written, shown),
    wasLeft: (theirs) => theirs.text === left,
    onState: (state) => states.push(state),
    onSaved: () => {},
    onMerged: (theirs) => merged.push(theirs),
  };
  const asked: Service = {
    create: (created) => oneAtATime(service.create(created)),
    save: (base, change) => oneAtATime(service.save(base, change)),
    readBase: service.readBase,
    async merge(base, mine, theirs) {
      // As if in a worker.
      await new Promise((resolve) => setTimeout(resolve, 20));
      const merged = base === undefined ? wholeConflict(base, mine, theirs) : merge(base, mine, theirs);
      return { ...merged, sides: sidesOf(merged) };
    },
  };
  const saver = new Saver(page, asked, isUnread ? { version: 1 } : service.note);
  const write = (next: string) => {
    written.text = next;
    saver.changed();
  };
  return { saver, service, states, written, merged, write, kind: () => saver.state.kind };
}
