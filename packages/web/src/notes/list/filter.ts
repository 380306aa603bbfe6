// Which notes a list shows, as it is written in an address. The address of a note carries the filter of the list beside it,
// so that a reload, a new tab or a link shows the same list.
import { ORDER_DEFAULT, ORDERS, type Order, QUERY_MAX } from "@notejam/core/note/limits";

export interface ListFilter {
  /** A pad's id. Without it, the list has all notes. */
  pad?: string;
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
  const [, first, second] = pathname.split("/");
  const pad = first === "pads" ? second : asText(query.pad);
  const order = ORDERS.find((one) => one === query.order) ?? ORDER_DEFAULT;
  const q = [...asText(query.q)].slice(0, QUERY_MAX).join("");
  return {
    ...(pad ? { pad } : {}),
    ...(q === "" ? {} : { q }),
    order,
  };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The address of a list. */
export function addressOf({ pad, ...filter }: ListFilter): string {
  return (pad ? `/pads/${pad}` : "/") + searchOf(filter);
}

/** The address of a note beside a list. */
export function addressOfNote(id: string, filter: ListFilter): string {
  return `/notes/${id}${searchOf(filter)}`;
}

/** The address of a new note beside a list. */
export function addressOfNewNote(filter: ListFilter): string {
  return `/notes/create${searchOf(filter)}`;
}

function searchOf({ pad, q, order }: Partial<ListFilter>): string {
  const search = new URLSearchParams();
  if (pad) search.set("pad", pad);
  if (order && order !== ORDER_DEFAULT) search.set("order", order);
  if (q) search.set("q", q);
  return search.size > 0 ? `?${search}` : "";
}
