// What is typed to find notes: words, and filters among them, `lisbon #travel after:2026-09 is:archived`. What is no filter,
// like `before:soon`, is a word.
import { tagName } from "@notejam/core/note/tag";

/** As the API takes it. */
export interface Query {
  q: string;
  tag?: string;
  archived?: "true";
  /** Changed at this time or later, and before this time: ISO 8601. */
  updatedAfter?: string;
  updatedBefore?: string;
}

const PART = /\S+/g;

/** Each filter counts once: the first one. Others are words. @param known filters that hold already */
export function parseQuery(typed: string, known: { tag?: string | undefined } = {}): Query {
  const query: Query = { q: "" };
  const hasTag = () => (known.tag ?? query.tag) !== undefined;
  const words = typed.replace(PART, (part) => {
    const filter = filterIn(part);
    const [name] = Object.keys(filter) as (keyof Query)[];
    if (!name || (name === "tag" ? hasTag() : name in query)) return part;
    Object.assign(query, filter);
    return "";
  });
  const hasFilters = Object.keys(query).length > 1;
  return { ...query, q: hasFilters ? words.replace(/\s+/g, " ").trim() : typed.trim() };
}

function filterIn(part: string): Partial<Query> {
  if (part.toLowerCase() === "is:archived") return { archived: "true" };
  const tag = part.startsWith("#") ? tagName(part.slice(1)) : undefined;
  if (tag !== undefined) return { tag };
  const [, name = "", date = ""] = /^(before|after):(.*)$/i.exec(part) ?? [];
  const time = beginningOf(date)?.toISOString();
  if (time === undefined) return {};
  return name.toLowerCase() === "before" ? { updatedBefore: time } : { updatedAfter: time };
}

/** When a year, a month or a day begins here: `2026`, `2026-11`, `2026-11-09`. */
function beginningOf(date: string): Date | undefined {
  const parts = /^([12]\d{3})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(date)?.slice(1);
  if (!parts) return undefined;
  const [year = 0, month = 1, day = 1] = parts.map((part) => (part === undefined ? undefined : Number(part)));
  const begins = new Date(year, month - 1, day);
  // There is no 31 June.
  return begins.getMonth() === month - 1 && begins.getDate() === day ? begins : undefined;
}
