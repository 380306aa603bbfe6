// The texts of the web app in the user's language. @solid-primitives/i18n, kept by the Solid community, finds a text by its
// key; it is 1 KB, and the keys are checked by the compiler. Here are the first page's; those of a part
// are beside this file, and load with the part.
import { type BaseRecordDict, flatten, type TemplateResolver, translator } from "@solid-primitives/i18n";
import type { JSX } from "solid-js";
import { en } from "./en.ts";
import { isolated } from "./isolated.ts";

const first = flatten(en);

/** Fills in values as they are, isolated: the library's own takes `$&` in a name for a pattern. */
const fill: TemplateResolver = (text, ...values) => {
  const [named] = values as [Record<string, string | number>?];
  return named
    ? text.replace(/\{\{ (\w+) \}\}/g, (whole, name) => isolated(String(named[name] ?? whole)))
    : text;
};

/** Says texts with names that can't turn the words around them. */
function translate<Texts extends BaseRecordDict>(texts: Texts) {
  const translated = translator<Texts, string>(() => texts, fill);
  const inText = (value: unknown) => (typeof value === "string" ? isolated(value) : value);
  const say = (key: keyof Texts, ...values: unknown[]) =>
    (translated as (...all: unknown[]) => unknown)(key, ...values.map(inText));
  return say as typeof translated;
}

/** A text by its key, with its values: `t("note.deleted", { name })`. */
export const t = translate(first);

/** As `t`, for the texts of the first page and those of a part. */
export function withPart<Part extends BaseRecordDict>(part: Part) {
  const all = { ...first, ...flatten(part) };
  return translate(all);
}

/** As `t`, with elements as values: `Deleted <b>Travel</b>.` */
export function tWith(key: keyof typeof first, values: Record<string, JSX.Element>): JSX.Element {
  return withElements(String(first[key]), values);
}

/** A text of any part, with elements as values. */
export function withElements(text: string, values: Record<string, JSX.Element>): JSX.Element {
  const parts = text.split(/\{\{ (\w+) \}\}/);
  return parts.map((part, i) => (i % 2 === 0 ? part : values[part]));
}
