// Which notes a list shows, as it is written in an address. The address of a note carries the filter of the list beside it,
// so that a reload, a new tab or a link shows the same list.
import { ORDER_DEFAULT, ORDERS, type Order, QUERY_MAX } from "@notejam/core/note/limits";

/** The lists of notes that have a mark. */
const VIEWS = ["pinned", "archive"] as const;
export type View = (typeof VIEWS)[number];

export interface ListFilter {
  /** Notes with this mark. Without it, archived notes are left out. */
  view?: View;
  /** A pad's id. */
  pad?: string;
  /** A tag's name. */
  tag?: string;
  /** The text that is searched for. */
  q?: string;
  order: Order;
}

/** An address, as the router has it. */
interface Address {
  pathname: string;
  query: Record<string, unknown>;
}

/** The filter in an address. Invalid parts are ignored. */
export function filterOf({ pathname, query }: Address): ListFilter {
  const [, first = "", second = ""] = pathname.split("/");
  const place = (name: string, at: string) => (first === at ? decoded(second) : asText(query[name]));
  const view = VIEWS.find((one) => one === first || one === query.view);
  const pad = place("pad", "pads");
  const tag = place("tag", "tags");
  const order = ORDERS.find((one) => one === query.order) ?? ORDER_DEFAULT;
  const q = [...asText(query.q)].slice(0, QUERY_MAX).join("");
  return { ...(view && { view }), ...(pad && { pad }), ...(tag && { tag }), ...(q && { q }), order };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The address of a list. */
export function addressOf({ view, pad, tag, ...filter }: ListFilter): string {
  if (view) return `/${view}${searchOf({ pad, tag, ...filter })}`;
  if (pad) return `/pads/${pad}${searchOf({ tag, ...filter })}`;
  if (tag) return `/tags/${encodeURIComponent(tag)}${searchOf(filter)}`;
  return `/${searchOf(filter)}`;
}

/** The address of a note beside a list. */
export function addressOfNote(id: string, filter: ListFilter): string {
  return `/notes/${id}${searchOf(filter)}`;
}

/** The address where a note is written beside a list. */
export function addressOfDraft(id: string, filter: ListFilter): string {
  return `/notes/${id}/edit${searchOf(filter)}`;
}

/** The state of a link to where a note is written: the page that has it, to which the end of writing leads back. */
export function stateFrom({
  pathname,
  search,
  hash,
}: Record<"pathname" | "search" | "hash", string>): string {
  return JSON.stringify({ from: pathname + search + hash });
}

/** The address of a new note beside a list. */
export function addressOfNewNote(filter: ListFilter): string {
  return `/notes/create${searchOf(filter)}`;
}

function searchOf({
  order,
  ...filter
}: { [Name in keyof ListFilter]?: ListFilter[Name] | undefined }): string {
  const search = new URLSearchParams();
  for (const name of ["view", "pad", "tag"] as const) {
    const value = filter[name];
    if (value) search.set(name, value);
  }
  if (order && order !== ORDER_DEFAULT) search.set("order", order);
  if (filter.q) search.set("q", filter.q);
  return search.size > 0 ? `?${search}` : "";
}
