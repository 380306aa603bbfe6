// What a person writes of a note: its text, and the fields beside it. What reads, compares, merges, shows or exports a note takes
// the fields from this table, or has a table by the same names, so that the compiler names each file that lacks a new field.
// It loads no schema.
import type { SaveNote } from "./schema.ts";

/** All that a person writes of a note. */
export type Written = Required<Omit<SaveNote, "kind" | "words">>;

/** What a person writes beside the text. */
export type Fields = Omit<Written, "text">;

/** `named` says where the name is from, so the two are one field. */
export type FieldName = Exclude<keyof Fields, "named">;

/** A field's value as it is compared, merged and shown: as a whole, unlike a text. Null where the field is empty. */
export type FieldValue = string | null;

interface Field {
  read(fields: Fields): FieldValue;
  write(value: FieldValue): Partial<Fields>;
  /** It says where the note is kept, not what the note says: going back to an earlier state leaves it as it is. */
  isFiling?: true;
}

export const FIELDS: Record<FieldName, Field> = {
  // The name that was given. Without one, a note is named by the first line of its text.
  name: {
    read: ({ name, named }) => (named ? name : null),
    write(value) {
      const name = value?.trim() ?? "";
      return { name, named: name !== "" };
    },
  },
  padId: {
    read: ({ padId }) => padId,
    write: (padId) => ({ padId }),
    isFiling: true,
  },
};

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

export function valuesOf(fields: Fields): Record<FieldName, FieldValue> {
  return byField((name) => FIELDS[name].read(fields));
}

/** The fields that have these values. A note without a given name gets an empty one. */
export function fieldsOf(values: Record<FieldName, FieldValue>): Fields;
export function fieldsOf(values: Partial<Record<FieldName, FieldValue>>): Partial<Fields>;
export function fieldsOf(values: Partial<Record<FieldName, FieldValue>>): Partial<Fields> {
  const written = FIELD_NAMES.map((name) => {
    const value = values[name];
    return value === undefined ? {} : FIELDS[name].write(value);
  });
  return Object.assign({}, ...written);
}

/** A record that has something for each field. */
export function byField<T>(make: (name: FieldName) => T): Record<FieldName, T> {
  return Object.fromEntries(FIELD_NAMES.map((name) => [name, make(name)])) as Record<FieldName, T>;
}

/** The fields in which two states of a note differ. One that an older draft or an older service lacks does not count. */
export function differing(one: Fields, other: Fields): FieldName[] {
  const [some, others] = [valuesOf(one), valuesOf(other)];
  return FIELD_NAMES.filter((name) => {
    const [a, b] = [some[name], others[name]];
    return a !== b && a !== undefined && b !== undefined;
  });
}

/** Whether two states of a note say the same, wherever it is kept. */
export function saysSame(one: Written, other: Written): boolean {
  return one.text === other.text && differing(one, other).every((name) => FIELDS[name].isFiling);
}
