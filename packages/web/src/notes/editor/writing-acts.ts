// What the palette offers while a note is written.
import { type Act, offerActs } from "../../page/offers.ts";
import { t } from "../../words/editor.ts";
import { type NoteActs, useNoteActs } from "../note-acts.ts";
import { keptNote } from "../notes.ts";
import type { Writing } from "./writing.ts";

/** These leave the note, or change it elsewhere than in its fields. */
const AFTER_SAVING = ["history", "move", "remove"] as const;

/** Offers the acts of a note that is written. Keys write here, so it names none but that of Done. */
export function offerWritingActs(writing: Writing, done: () => void): void {
  const actsOf = useNoteActs();
  const first: Act = { words: t("editor.done"), keys: ["Esc"], act: done };
  const saving = ({ words, act }: Act): Act => ({ words, act: () => void writing.save().then(act) });
  offerActs(() => {
    const saved = writing.isSaved ? keptNote(writing.id) : undefined;
    const acts: NoteActs = actsOf({ saved, written: { ...writing.written(), name: writing.name() } });
    for (const name of AFTER_SAVING) if (acts[name]) acts[name] = saving(acts[name]);
    return { title: writing.name(), acts: [first, ...Object.values(acts).map(({ keys: _, ...act }) => act)] };
  });
}
