// What an element on the page knows of its source: its lines, so that reading and writing can show the same place, the language of its
// code, where the box of a task stands, and what it is beyond HTML. The parser writes these into the HTML; the sanitiser takes them out,
// and keeps what it needs later beside the page.

/** The first line of a block, from 0, and the line after its last one. */
export type Lines = readonly [first: number, end: number];

/** The attributes in the HTML between parser and sanitiser. */
export const LINES = "data-lines";
export const LANGUAGE = "data-language";
export const TASK = "data-task";
/** Of a quote that is a callout. */
export const CALLOUT = "data-callout";
/** Of the link to a footnote, and of the link back: its number. */
export const FOOT = "data-foot";
export const FOOT_BACK = "data-foot-back";
export const SOURCE_ATTRIBUTES = [LINES, LANGUAGE, TASK, CALLOUT, FOOT, FOOT_BACK];

const linesOfBlock = new WeakMap<Element, Lines>();
const languageOfBlock = new WeakMap<Element, string>();
const positionOfBox = new WeakMap<Element, number>();

/** Takes what the blocks of a piece know of their source out of its HTML. */
export function takeSource(piece: DocumentFragment): void {
  for (const block of piece.querySelectorAll(SOURCE_ATTRIBUTES.map((name) => `[${name}]`).join())) {
    const [first = Number.NaN, end = Number.NaN] = (block.getAttribute(LINES) ?? "").split("-").map(Number);
    if (end >= first) linesOfBlock.set(block, [first, end]);
    const language = block.getAttribute(LANGUAGE);
    if (language) languageOfBlock.set(block, language);
    for (const name of SOURCE_ATTRIBUTES) block.removeAttribute(name);
  }
}

/** The lines that a block on the page stands for. */
export function linesOf(block: Element): Lines | undefined {
  return linesOfBlock.get(block);
}

/** The language of a block of code, as its fence names it. */
export function languageOf(block: Element): string | undefined {
  return languageOfBlock.get(block);
}

/**
 * What the parser writes into the box of a task.
 * @param key random, so that no box in the note's own HTML passes for one of a task
 */
export function taskMark(key: string, at: number): string {
  return `${key} ${at}`;
}

/** The position that such a mark with this key tells. */
export function positionIn(mark: string | null, key: string): number | undefined {
  const [proof, at] = mark?.split(" ") ?? [];
  return proof === key ? Number(at) : undefined;
}

export function keepPosition(box: Element, at: number): void {
  positionOfBox.set(box, at);
}

/** The position in the source of a box on the page, which is that of a task. */
export function positionOf(box: Element): number | undefined {
  return positionOfBox.get(box);
}
