// What a block on the page knows of its source: its lines, so that reading and writing can show the same place, and the
// language of its code. The parser writes both into the HTML; the sanitiser takes them out and keeps them beside the page.

/** The first line of a block, from 0, and the line after its last one. */
export type Lines = readonly [first: number, end: number];

/** The attributes in the HTML between parser and sanitiser. */
export const LINES = "data-lines";
export const LANGUAGE = "data-language";
export const SOURCE_ATTRIBUTES = [LINES, LANGUAGE];

const linesOfBlock = new WeakMap<Element, Lines>();
const languageOfBlock = new WeakMap<Element, string>();

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
