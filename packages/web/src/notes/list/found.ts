// A list of the notes that a search finds: the best ones first, each with the words marked, then the rest in the list's order.
import { api } from "../../data/api.ts";
import type { Page } from "../../data/paged.ts";
import { parseQuery } from "../query.ts";
import { snippetOf } from "../snippet.ts";
import type { ListedNote } from "./note-list.ts";

/** The parameters of a list, as the API has them. */
export type ListQuery =
  Exclude<Parameters<typeof api.notes.$get>[0], undefined> extends { query?: infer Query } ? Query : never;

/** How many of the best notes are asked for: as many as the API gives. */
const BEST = 50;

/** Stands for where the rest begins. The API has no such cursor. */
const REST = "-";

/** @param query of the list that is searched */
export async function findPage(
  query: ListQuery,
  typed: string,
  signal: AbortSignal,
): Promise<Page<ListedNote>> {
  const { cursor, order, limit, pinned, ...filters } = query;
  const wanted = { ...filters, ...parseQuery(typed, filters) };
  const hasBest = pinned === "first" || filters.archived === "true";
  if (cursor === undefined && hasBest && order === "-updated_at") {
    const answer = await api.search.$get({ query: { ...wanted, limit: `${BEST}` } }, { init: { signal } });
    const { found } = await answer.json();
    const rows = found.map(({ snippet, inSnippet, ...note }) => ({
      ...note,
      excerpt: snippet,
      inText: snippetOf(note.name, snippet, inSnippet),
    }));
    return found.length < BEST
      ? { rows, total: found.length, nextCursor: null }
      : { rows, total: null, nextCursor: REST };
  }
  const rest = {
    ...wanted,
    order,
    limit,
    ...(pinned === "true" && { pinned }),
    ...(cursor !== undefined && cursor !== REST && { cursor }),
  };
  const { notes, ...page } = await (await api.notes.$get({ query: rest }, { init: { signal } })).json();
  return { rows: notes, ...page };
}
