// What the app calls each field of a note, and how it says a value.
import {
  differing,
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  type Fields,
  type FieldValue,
  valuesOf,
} from "@notejam/core/note/fields";
import { t } from "../words/note.ts";

interface FieldWords {
  label: string;
  /** @param padName the name of a pad, if that is known */
  value(value: FieldValue, padName?: (id: FieldValue) => string | undefined): string;
}

export const FIELD_WORDS: Record<FieldName, FieldWords> = {
  name: { label: t("noteField.name"), value: (name) => name ?? t("noteField.noName") },
  padId: { label: t("noteField.pad"), value: (id, padName) => padName?.(id) ?? t("pad.none") },
};

/** What has an element of its own in a note that is read. */
const SHOWN_APART: readonly FieldName[] = ["name", "padId"];

/** The other fields that have a value, in words, as a reader sees them below the name. An older service answers fewer fields. */
export function factsOf(fields: Fields): string[] {
  const values = valuesOf(fields);
  const shown = FIELD_NAMES.filter((name) => !SHOWN_APART.includes(name) && values[name] != null);
  return shown.map((name) => FIELD_WORDS[name].value(values[name]));
}

/** What changed beside the text and the name, in words. Where a note is kept does not count: restoring leaves it there. */
export function fieldChanges(before: Fields, after: Fields): { label: string; from: string; to: string }[] {
  const changed = differing(before, after).filter((name) => name !== "name" && !FIELDS[name].isFiling);
  return changed.map((name) => {
    const { label, value } = FIELD_WORDS[name];
    return { label, from: value(valuesOf(before)[name]), to: value(valuesOf(after)[name]) };
  });
}
