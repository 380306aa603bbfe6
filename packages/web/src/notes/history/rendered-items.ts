// What a rendered text is made of: blocks, and the lines in them; and which of two texts belong together.
import { diffArrays } from "diff";
import { WORD } from "./difference.ts";

/** A block, or what stands beside blocks in a line. */
export type Item = Element | readonly Node[];

const BLOCKS =
  "h1, h2, h3, h4, h5, h6, p, div, center, blockquote, pre, ul, ol, li, hr, table, thead, tbody, tfoot, tr, th, td, caption, details, summary";

/** How many items may be deleted and inserted, and how many of a change are compared with how many others. */
const EDITS_MAX = 1000;
const COMPARED_MAX = 2500;

/** Two items belong together if they have this share of the words of the shorter one in common. */
const COMMON_LEAST = 0.3;

/** What is in a block, in order. Spaces between blocks are nothing. */
export function itemsOf(parent: ParentNode): Item[] {
  const items: (Element | Node[])[] = [];
  for (const node of parent.childNodes) {
    const last = items.at(-1);
    if (node instanceof Element && node.matches(BLOCKS)) items.push(node);
    else if (Array.isArray(last)) last.push(node);
    else items.push([node]);
  }
  return items.filter(
    (item) =>
      !Array.isArray(item) || item.some((node) => node instanceof Element || node.textContent?.trim()),
  );
}

export function nodesOf(item: Item): readonly Node[] {
  return item instanceof Element ? [item] : item;
}

/** Two items with the same key look the same. */
export function keyOf(item: Item): string {
  return nodesOf(item)
    .map((node) => (node instanceof Element ? node.outerHTML : node.textContent))
    .join("");
}

export type Pair = [before: Item | undefined, after: Item | undefined];

/** The items of both texts in order: each with the one that it became, or alone where it has none. @param deadline in milliseconds since 1970 */
export function pairsOf(before: readonly Item[], after: readonly Item[], deadline: number): Pair[] {
  // A line that has become another one is still the line of its block.
  if (before.length === 1 && after.length === 1 && isAlike(before[0], after[0]))
    return [[before[0], after[0]]];
  const timeout = deadline - Date.now();
  const edits =
    timeout > 0
      ? diffArrays(before.map(keyOf), after.map(keyOf), { maxEditLength: EDITS_MAX, timeout })
      : undefined;
  if (!edits) return pairsOfChange(before, after);
  const pairs: Pair[] = [];
  let [from, at] = [0, 0];
  let [removed, added]: [Item[], Item[]] = [[], []];
  const endChange = () => {
    pairs.push(...pairsOfChange(removed, added));
    [removed, added] = [[], []];
  };
  for (const { added: isAdded, removed: isRemoved, count } of edits) {
    const [old, now] = [before.slice(from, from + count), after.slice(at, at + count)];
    if (isRemoved) removed.push(...old);
    else if (isAdded) added.push(...now);
    else {
      endChange();
      pairs.push(...old.map((one, i): Pair => [one, now[i]]));
    }
    if (!isAdded) from += count;
    if (!isRemoved) at += count;
  }
  endChange();
  return pairs;
}

/** A column by its indexes in the table before and in the table after; NaN where it has none. */
export type Column = [before: number, after: number];

/** The columns of both tables. As many as before are the same ones; otherwise their headings tell. */
export function columnsOf(before: HTMLTableElement, after: HTMLTableElement, deadline: number): Column[] {
  const firstRow = (table: HTMLTableElement): Item[] => [...(table.rows[0]?.cells ?? [])];
  const [old, now] = [firstRow(before), firstRow(after)];
  if (old.length === now.length) return old.map((_, i) => [i, i]);
  const index = (cells: Item[], cell: Item | undefined) => (cell ? cells.indexOf(cell) : Number.NaN);
  return pairsOf(old, now, deadline).map(([one, other]) => [index(old, one), index(now, other)]);
}

/** Of all ways to pair items in order, the one with most in common. */
function pairsOfChange(before: readonly Item[], after: readonly Item[]): Pair[] {
  if (before.length * after.length > COMPARED_MAX) return [...alone(before, []), ...alone([], after)];
  const [olds, news] = [before.map(wordsOf), after.map(wordsOf)];
  const common = olds.map((old, i) =>
    news.map((now, j) => (isAlike(before[i], after[j]) ? shareOf(old, now) : 0)),
  );
  // best[i][j]: of the items from i and j on.
  const best = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (table: number[][], i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const paired = at(common, i, j) > 0 ? at(common, i, j) + at(best, i + 1, j + 1) : 0;
      (best[i] as number[])[j] = Math.max(paired, at(best, i + 1, j), at(best, i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (at(common, i, j) > 0 && at(best, i, j) === at(common, i, j) + at(best, i + 1, j + 1))
      pairs.push([before[i++], after[j++]]);
    else if (j >= after.length || (i < before.length && at(best, i, j) === at(best, i + 1, j)))
      pairs.push([before[i++], undefined]);
    else pairs.push([undefined, after[j++]]);
  }
  return pairs;
}

function alone(before: readonly Item[], after: readonly Item[]): Pair[] {
  return [...before.map((one): Pair => [one, undefined]), ...after.map((one): Pair => [undefined, one])];
}

/** Whether one can have become the other: a paragraph a heading, but no table a list. */
function isAlike(one: Item | undefined, other: Item | undefined): boolean {
  return one !== undefined && other !== undefined && kindOf(one) === kindOf(other);
}

function kindOf(item: Item): string {
  if (!(item instanceof Element)) return "line";
  if (item.matches("h1, h2, h3, h4, h5, h6, p")) return "paragraph";
  return item.matches("ul, ol") ? "list" : item.localName;
}

/** Each word with how often it is there. */
function wordsOf(item: Item): Map<string, number> {
  const words = new Map<string, number>();
  const text = nodesOf(item)
    .map((node) => node.textContent)
    .join(" ");
  for (const [word] of text.matchAll(WORD)) {
    if (/[\p{L}\p{N}]/u.test(word)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

/** The share of the shorter one's words that both have, 0 if that is too little. Two without words are alike. */
function shareOf(one: Map<string, number>, other: Map<string, number>): number {
  const sizes = [one, other].map((words) => [...words.values()].reduce((sum, n) => sum + n, 0));
  const shorter = Math.min(...sizes);
  if (shorter === 0) return Math.max(...sizes) === 0 ? 1 : 0;
  let common = 0;
  for (const [word, n] of one) common += Math.min(n, other.get(word) ?? 0);
  return common >= COMMON_LEAST * shorter ? common / shorter : 0;
}
