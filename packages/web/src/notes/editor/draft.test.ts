import { EditorState } from "@codemirror/state";
import { byField, fieldsOf } from "@notejam/core/note/fields";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DraftChange, KeptDraft } from "../../data/drafts.ts";
import { restore } from "./restore.ts";

const FIELDS = fieldsOf({ ...byField(() => null), name: "A note" });

function kept(text: string, changes: DraftChange[]): KeptDraft {
  return { draft: { id: "d", userId: "u", noteId: "n", version: 1, at: 0, text, fields: FIELDS }, changes };
}

/** A text of one kind of line ends, with edits at positions that are cut to its length. */
const edits = fc.array(
  fc.record({ at: fc.nat(60), length: fc.nat(10), insert: fc.string({ maxLength: 6, unit: "grapheme" }) }),
  { maxLength: 30 },
);
const texts = fc.tuple(
  fc.array(fc.string({ maxLength: 8 }), { maxLength: 8 }),
  fc.constantFrom("\n", "\r\n"),
);

describe("a draft", () => {
  it("holds what was written, change by change, whatever the line ends", () => {
    fc.assert(
      fc.property(texts, edits, ([lines, separator], made) => {
        const text = lines.map((line) => line.replace(/[\r\n]/g, "")).join(separator);
        const isCrlf = text.includes("\r\n");
        let state = EditorState.create({
          doc: text,
          extensions: [EditorState.lineSeparator.of(isCrlf ? "\r\n" : "\n")],
        });
        const changes: DraftChange[] = [];
        for (const { at, length, insert } of made) {
          const from = Math.min(at, state.doc.length);
          const to = Math.min(from + length, state.doc.length);
          const transaction = state.update({ changes: { from, to, insert: state.toText(insert) } });
          // As IndexedDB keeps it.
          changes.push({ text: structuredClone(transaction.changes.toJSON()) });
          state = transaction.state;
        }
        expect(restore(kept(text, changes)).written.text).toBe(state.sliceDoc());
      }),
    );
  });

  it("holds the other fields as they were last", () => {
    const fields = { ...FIELDS, name: "Another", padId: "p" };
    expect(restore(kept("text", [{ fields }])).written).toEqual({ ...fields, text: "text" });
  });

  it("has the name of its first line as that is now, if it was given none", () => {
    const fields = { ...FIELDS, name: "t", named: false };
    const changes = [{ fields }, { text: [4, [0, "s and more"]] }];
    expect(restore(kept("text", changes)).written).toMatchObject({ name: "texts and more", named: false });
  });

  it("ends before a change that does not fit", () => {
    const changes = [{ text: [4, [0, "!"]] }, { text: [99] }, { text: [5, [0, "?"]] }];
    expect(restore(kept("text", changes)).written.text).toBe("text!");
  });

  it("was saved if the service has what it held at any time, and only then", () => {
    const changes = [
      { text: [4, [0, "!"]] },
      { fields: { ...FIELDS, name: "Another" } },
      { text: [5, [0, "?"]] },
    ];
    const wasSaved = (now: object) =>
      restore(kept("text", changes), { ...FIELDS, text: "text", ...now }).wasSaved;
    expect(wasSaved({})).toBe(true);
    expect(wasSaved({ text: "text!" })).toBe(true);
    expect(wasSaved({ text: "text!?", name: "Another" })).toBe(true);
    expect(wasSaved({ text: "text", name: "Another" })).toBe(false);
    expect(wasSaved({ text: "texts" })).toBe(false);
    expect(wasSaved({ text: "text!", padId: "p" })).toBe(false);
  });

  it("was saved under a name that followed from its first line, and did so no longer when a name was given", () => {
    const unnamed = { ...FIELDS, name: "text", named: false };
    const draft = kept("text", [{ fields: unnamed }, { text: [4, [0, "!"]] }, { fields: FIELDS }]);
    const wasSaved = (now: object) => restore(draft, { ...unnamed, text: "text!", ...now }).wasSaved;
    expect(wasSaved({ name: "text!" })).toBe(true);
    expect(wasSaved({ name: "text!", named: true })).toBe(false);
    expect(wasSaved({ name: "A note", named: true })).toBe(true);
  });
});
