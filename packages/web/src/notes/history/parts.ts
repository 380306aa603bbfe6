// The difference between two texts, as parts in order. The kept and the removed parts are the text before; the kept and the added
// parts are the text after.
import { sharedEnds } from "../shared-ends.ts";
import { wordsIn } from "../words-in.ts";

export interface Part {
  kind: "kept" | "added" | "removed";
  text: string;
}

/** A line of a difference, without its end. */
export interface Line {
  parts: readonly Part[];
  isChanged: boolean;
}

/** A line or block that is shown, or a stretch of them that is left out. */
export type Item<Row = Line> = { row: Row } | { from: number; count: number };

/** How many unchanged lines are shown around a change. */
const CONTEXT = 3;

/** Joins neighbours of one kind. Of a change, what was removed comes first. */
export function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  let removed = "";
  let added = "";
  const endChange = () => {
    if (removed !== "") all.push({ kind: "removed", text: removed });
    if (added !== "") all.push({ kind: "added", text: added });
    removed = "";
    added = "";
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      endChange();
      const last = all.at(-1);
      if (last?.kind === "kept") all[all.length - 1] = { kind, text: last.text + text };
      else all.push({ kind, text });
    }
  }
  endChange();
  return all;
}

/** A text's lines, each with its end. */
export function linesIn(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Replaces one text by another. */
export function replaced(removed: string, added: string): Part[] {
  return [
    { kind: "removed", text: removed },
    { kind: "added", text: added },
  ];
}

/** Keeps the common beginning and end. @param search finds the difference of the rest */
export function betweenEnds(
  before: readonly string[],
  after: readonly string[],
  search: (before: string[], after: string[]) => Part[],
): Part[] {
  const { start, end } = sharedEnds(before, after);
  return joined([
    { kind: "kept", text: before.slice(0, start).join("") },
    ...search(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    { kind: "kept", text: before.slice(before.length - end).join("") },
  ]);
}

/** Keeps the lines that both texts begin and end with, and nothing of what is between. */
export function roughly(before: string, after: string): Part[] {
  return betweenEnds(linesIn(before), linesIn(after), (left, right) =>
    replaced(left.join(""), right.join("")),
  );
}

/** How many words were added and removed. */
export function wordsChanged(parts: readonly Part[]): { added: number; removed: number } {
  const words = (kind: Part["kind"]) =>
    parts.reduce((sum, part) => sum + (part.kind === kind ? wordsIn(part.text) : 0), 0);
  return { added: words("added"), removed: words("removed") };
}

/** A difference line by line. */
export function linesOf(parts: readonly Part[]): Line[] {
  const lines: Line[] = [];
  let line: Part[] = [];
  /** An end of line that was added or removed changes its line, even if nothing else did. */
  const end = (isChanged: boolean) => {
    lines.push({ parts: line, isChanged: isChanged || line.some(({ kind }) => kind !== "kept") });
    line = [];
  };
  for (const { kind, text } of parts) {
    const [first = "", ...rest] = text.split("\n");
    if (first !== "") line.push({ kind, text: first });
    for (const next of rest) {
      end(kind !== "kept");
      if (next !== "") line.push({ kind, text: next });
    }
  }
  if (line.length > 0) end(false);
  return lines;
}

/**
 * Leaves out long stretches of unchanged lines, or blocks. If nothing changed, all are shown.
 * @param opened where stretches begin that are shown all the same
 * @param context how many unchanged ones are shown around a change
 */
export function folded<Row extends { isChanged: boolean }>(
  rows: readonly Row[],
  opened: ReadonlySet<number>,
  context = CONTEXT,
): Item<Row>[] {
  const items: Item<Row>[] = [];
  const show = (from: number, to: number) => {
    for (const row of rows.slice(from, to)) items.push({ row });
  };
  if (!rows.some(({ isChanged }) => isChanged)) {
    show(0, rows.length);
    return items;
  }
  for (let i = 0; i < rows.length; ) {
    let end = i;
    while (end < rows.length && !rows[end]?.isChanged) end++;
    const from = i === 0 ? 0 : i + context;
    const to = end === rows.length ? end : end - context;
    // A fold instead of one line would save nothing.
    if (to - from > 1 && !opened.has(from)) {
      show(i, from);
      items.push({ from, count: to - from });
      show(to, end);
    } else show(i, end);
    if (end < rows.length) show(end, end + 1);
    i = end + 1;
  }
  return items;
}

/** Characters of a line that are laid out together. A line of 512 KiB would take seconds. */
const LAID_OUT_MAX = 4096;

/** Cuts a long line for the page, at a space where there is one. */
export function cut(line: Line): Line[] {
  const cuts: Line[] = [];
  let parts: Part[] = [];
  let left = LAID_OUT_MAX;
  for (const { kind, text } of line.parts) {
    let from = 0;
    while (text.length - from > left) {
      const to = cutPosition(text, from, from + left);
      if (to > from) parts.push({ kind, text: text.slice(from, to) });
      cuts.push({ parts, isChanged: line.isChanged });
      parts = [];
      left = LAID_OUT_MAX;
      from = to;
    }
    parts.push({ kind, text: text.slice(from) });
    left -= text.length - from;
  }
  return [...cuts, { parts, isChanged: line.isChanged }];
}

/** Behind the last space, or else where no character is cut in two: that may be at `from`, where only half of one has room. */
function cutPosition(text: string, from: number, most: number): number {
  const space = text.lastIndexOf(" ", most - 1);
  if (space > from) return space + 1;
  const isLow = (text.charCodeAt(most) & 0xfc00) === 0xdc00;
  return isLow ? most - 1 : most;
}
