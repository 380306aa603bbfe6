// Makes lists of what word processors write for them. Word has paragraphs, each with its level and a bullet as text; Word for the web
// has a list around each item; Google Docs, Outlook and Apple's programs put a list beside the item that it belongs to.
import { isBlank, styleOf } from "./pasted-style.ts";

/** The style of Word's paragraph in a list: `l0 level1 lfo1`. */
const WORD_ITEM = "[data-style*='mso-list' i]:not(li)";
const WORD_BULLET = "[data-style*='mso-list:ignore' i]";
/** `1.` `(a)` `iv)`; a bullet can be an `o`. */
const ORDERED = /^\(?[\p{L}\d]{1,5}[.)]/u;

export function makeLists(root: DocumentFragment): void {
  makeListsOfWord(root);
  makeListsOfWordOnline(root);
  for (const list of root.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) moveIntoItem(list);
}

interface Item {
  /** From 1. */
  level: number;
  /** Its number, in an ordered list. */
  number?: number | undefined;
}

function makeListsOfWord(root: DocumentFragment): void {
  const items = new Map<Element, Item>();
  for (const paragraph of root.querySelectorAll(WORD_ITEM)) {
    const [, level] = /level(\d+)/.exec(styleOf(paragraph, "mso-list") ?? "") ?? [];
    const bullet = paragraph.querySelector(WORD_BULLET);
    const mark = bullet?.textContent?.trim() ?? "";
    if (level === undefined || paragraph.parentElement?.closest("td, th, li, pre")) continue;
    if (paragraph.matches("h1, h2, h3, h4, h5, h6")) {
      bullet?.replaceWith(`${mark} `);
      continue;
    }
    bullet?.remove();
    items.set(paragraph, { level: Number(level), number: ORDERED.test(mark) ? numberOf(mark) : undefined });
  }
  nest(items);
}

function numberOf(mark: string): number {
  return Number.parseInt(mark.replace(/^\(/, ""), 10) || 1;
}

function makeListsOfWordOnline(root: DocumentFragment): void {
  const items = new Map<Element, Item>();
  for (const list of root.querySelectorAll<HTMLElement>(":is(ul, ol):has(> li[data-aria-level])")) {
    const start = list instanceof HTMLOListElement ? list.start : undefined;
    for (const [i, item] of [...list.children].entries()) {
      const level = Number(item.getAttribute("data-aria-level")) || 1;
      items.set(item, { level, number: start === undefined ? undefined : start + i });
    }
    const around = list.parentElement?.matches(".ListContainerWrapper") ? list.parentElement : list;
    around.replaceWith(...list.children);
  }
  nest(items);
}

/** Puts items that follow each other into a list, with a list in an item for each level below it. */
function nest(items: ReadonlyMap<Element, Item>): void {
  /** The list at each level, as far as the item before is in them. */
  let open: HTMLElement[] = [];
  for (const [element, { level, number }] of items) {
    const page = element.ownerDocument;
    if (element.previousElementSibling !== open[0]) open = [];
    const name = number === undefined ? "ul" : "ol";
    open.length = Math.min(open.length, level);
    if (open.length === level && open.at(-1)?.localName !== name) open.pop();
    let list = open.at(-1);
    if (!list || open.length < level) {
      const inner = page.createElement(name);
      if (number !== undefined && number !== 1) inner.setAttribute("start", String(number));
      if (list) (list.lastElementChild as Element).append(inner);
      else element.before(inner);
      open.push(inner);
      list = inner;
    }
    const item = page.createElement("li");
    item.append(...element.childNodes);
    list.append(item);
    element.remove();
  }
}

/** Moves a list that is beside items into the one before it. */
function moveIntoItem(list: Element): void {
  const item = list.previousElementSibling;
  if (item?.localName === "li") item.append(list);
  else list.replaceWith(...[...list.childNodes].filter((node) => !isBlank(node)));
}
