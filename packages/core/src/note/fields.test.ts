import fc from "fast-check";
import { expect, test } from "vitest";
import { byField, FIELD_NAMES, FIELDS, fieldsOf, saysSame, valuesOf } from "./fields.ts";
import { contentShown, SaveNote } from "./schema.ts";
import { notes } from "./versioned.ts";

const written = FIELD_NAMES.flatMap((name) => Object.keys(FIELDS[name].write("a value"))).sort();

test("each column of a note's content is of a field, is the text, or follows from these", () => {
  expect([...written, "text", ...notes.derived].sort()).toEqual([...notes.content].sort());
});

test("each field is answered, and can be saved", () => {
  expect(Object.keys(contentShown).sort()).toEqual(written);
  expect(Object.keys(SaveNote.shape)).toEqual(expect.arrayContaining(written));
});

test("each field has the value that it was given", () => {
  const value = fc.option(fc.stringMatching(/^\S+$/), { nil: null });
  fc.assert(
    fc.property(fc.record(byField(() => value)), (values) => {
      expect(valuesOf(fieldsOf(values))).toEqual(values);
    }),
  );
  expect(fieldsOf({})).toEqual({});
});

test("a note says the same where it is moved, and where the name that follows from its text is another one", () => {
  const note = { ...fieldsOf(byField(() => null)), name: "First line", text: "First line" };
  expect(saysSame(note, { ...note, padId: "trips" })).toBe(true);
  expect(saysSame(note, { ...note, name: "Another" })).toBe(true);
  expect(saysSame(note, { ...note, named: true })).toBe(false);
  expect(saysSame(note, { ...note, text: "First line." })).toBe(false);
});
