// Finds and shows a position in a note that is read: each block knows the lines that it stands for, and between its edges they
// are spread evenly, or as the text of a paragraph is.
import { linesOf } from "../markdown/source.ts";
import type { Position } from "../position.ts";

/** Where a line is, in pixels from the beginning of what scrolls. */
interface Point {
  line: number;
  y: number;
}

/** The positions that are still being shown, by what scrolls. */
const awaited = new WeakMap<HTMLElement, Position>();

/**
 * The position that is in view, or that will be when so much of the note is rendered.
 * @param scroll what scrolls, with the note in it
 */
export function readingPosition(scroll: HTMLElement): Position {
  const position = awaited.get(scroll);
  if (position) return position;
  const points = pointsOf(scroll);
  const y = scroll.scrollTop;
  const [first] = points;
  return first && y > first.y ? { line: between(points, "y", "line", y) } : { top: y };
}

/** Shows a position as soon as the note is rendered so far, unless the reader moves before. @returns what ends it */
export function keepReadingPosition(scroll: HTMLElement, position: Position): () => void {
  awaited.set(scroll, position);
  return whileRendering(
    scroll,
    () => showPosition(scroll, position),
    () => awaited.delete(scroll),
  );
}

/** Shows a position as far as the note is rendered. @returns whether it is there to stay */
function showPosition(scroll: HTMLElement, position: Position): boolean {
  if ("line" in position && !isRendered(scroll) && !reaches(scroll, position.line)) return false;
  const top = "top" in position ? position.top : between(pointsOf(scroll), "line", "y", position.line);
  scroll.scrollTop = top;
  return Math.abs(scroll.scrollTop - top) < 1 && !isPlainForNow(scroll);
}

/** Whether the plain text stands where the rendered one will, whose lines are elsewhere. */
function isPlainForNow(scroll: HTMLElement): boolean {
  return !isRendered(scroll) && scroll.querySelector("pre.plain") !== null;
}

/** Whether what is rendered reaches a line. Asked for each piece, so it looks only at the end. */
function reaches(scroll: HTMLElement, line: number): boolean {
  const blocks = scroll.querySelectorAll(".prose > *, pre.plain");
  let block: Element | null = blocks.item(blocks.length - 1);
  for (; block; block = block.lastElementChild) {
    const end = block.matches("pre.plain") ? Number.POSITIVE_INFINITY : linesOf(block)?.[1];
    if (end !== undefined && end > line) return true;
  }
  return false;
}

/**
 * Calls `show` now and whenever more of the note is rendered, until it answers true, all is rendered, or the reader moves.
 * @returns what ends it
 */
export function whileRendering(scroll: HTMLElement, show: () => boolean, onEnd?: () => void): () => void {
  const ending = new AbortController();
  const end = () => ending.abort();
  const { signal } = ending;
  const step = () => {
    if (signal.aborted) return;
    if (show() || isRendered(scroll)) end();
  };
  const observer = new MutationObserver(step);
  observer.observe(scroll, { childList: true, subtree: true, attributeFilter: ["aria-busy"] });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    onEnd?.();
  });
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    scroll.addEventListener(event, end, { signal, passive: true });
  }
  show();
  // What is there now may be the note before.
  queueMicrotask(step);
  return end;
}

/** Whether all of the note is there. */
export function isRendered(scroll: HTMLElement): boolean {
  return scroll.querySelector('article.prose[aria-busy="false"]') !== null;
}

function pointsOf(scroll: HTMLElement): Point[] {
  const offset = scroll.scrollTop - scroll.getBoundingClientRect().top;
  const points: Point[] = [];
  // A note's own HTML can put blocks beside or over each other: what does not go on is left out.
  const add = (line: number, y: number) => {
    const last = points.at(-1);
    if (!last || (line >= last.line && y >= last.y)) points.push({ line, y });
  };
  for (const block of scroll.querySelectorAll(".prose *, pre.plain")) {
    for (const { line, y } of edgesOf(block)) add(line, y + offset);
  }
  return points;
}

/** Where lines begin and end in a block, in pixels of the window. */
function edgesOf(block: Element): Point[] {
  if (block.matches("pre.plain")) return edges(block, 0, (block.textContent ?? "").split("\n").length);
  const [first, end] = linesOf(block) ?? [];
  if (first === undefined || end === undefined) return [];
  if (block instanceof HTMLTableElement) {
    // The second line of a table's source is its rule.
    return [...block.rows].flatMap((row, i) =>
      edges(row, first + i + (i > 0 ? 1 : 0), first + i + (i > 0 ? 2 : 1)),
    );
  }
  if (block.tagName === "PRE") return edges(block.firstElementChild ?? block, first, end);
  const { top } = block.getBoundingClientRect();
  const isLeaf = block.tagName !== "LI" || !block.querySelector("p, ul, ol, pre, table");
  return isLeaf ? linesOfText(block, first, end) : [{ line: first, y: top }];
}

/** Where lines begin in a text, whose rows don't end with them: by how much of the text stands before each. */
function linesOfText(block: Element, first: number, end: number): Point[] {
  const { top, height } = block.getBoundingClientRect();
  const text = block.textContent ?? "";
  const ends = [...text.matchAll(/\n/g)];
  // Lines that end with a break are rows of their own, and have no end in the text.
  if (ends.length !== end - first - 1) return edges(block, first, end);
  const within = ends.map(({ index }, i) => ({
    line: first + i + 1,
    y: top + (height * index) / text.length,
  }));
  return [{ line: first, y: top }, ...within, { line: end, y: top + height }];
}

function edges(block: Element, first: number, end: number): Point[] {
  const { top, bottom } = block.getBoundingClientRect();
  return [
    { line: first, y: top },
    { line: end, y: bottom },
  ];
}

/** What `wanted` is at `value` of `known`: evenly between the two points round it, and a point's own beyond the last one. */
function between(points: readonly Point[], known: keyof Point, wanted: keyof Point, value: number): number {
  const after = points.findIndex((point) => point[known] > value);
  const end = points[after] ?? points.at(-1);
  const begin = points[after - 1] ?? end;
  if (!begin || !end) return 0;
  const length = end[known] - begin[known];
  const share = length > 0 && after > 0 ? (value - begin[known]) / length : 0;
  return begin[wanted] + share * (end[wanted] - begin[wanted]);
}
