// Makes tasks of boxes in pasted HTML: of web pages, and of what Google Docs, Word, Notion, Evernote and editors on the web write for
// them. Each becomes an item of a list that begins with a check box, which Turndown knows.
import { isBlank, isBlock, styleOf } from "./pasted-style.ts";

const BOX = "input[type=checkbox]";
/** An element that is drawn as a box. */
const DRAWN = "[role=checkbox]:not(li), .checkbox-on, .checkbox-off";
/** A box as text, at the beginning of an item or paragraph. */
const WRITTEN = /^\s*(?:([☐□])|([☑☒✅])|\[ \]|(\[[xX]\]))(?=\s|$)\s*/u;

export function makeTasks(root: DocumentFragment): void {
  for (const drawn of root.querySelectorAll(DRAWN)) drawn.replaceWith(boxOf(drawn, isChecked(drawn)));
  for (const item of root.querySelectorAll("li")) {
    const isDone = checkedItem(item);
    if (isDone !== undefined) {
      for (const drawn of item.querySelectorAll(`:scope > img[aria-roledescription], ${scoped(BOX)}`))
        drawn.remove();
      item.removeAttribute("role");
      item.prepend(boxOf(item, isDone));
    }
  }
  for (const block of root.querySelectorAll("li, p")) readWritten(block);
  const places: Places = { items: new Set(), lists: new Set() };
  for (const box of root.querySelectorAll<HTMLInputElement>(BOX)) place(box, places);
}

/** A task that is done is shown as one: it needs no strokes, which Google Docs adds. */
export function withoutStrokesOfDone(root: DocumentFragment): void {
  for (const box of root.querySelectorAll(`li > ${BOX}[checked]`)) {
    for (const struck of box.parentElement?.querySelectorAll("s") ?? [])
      struck.replaceWith(...struck.childNodes);
  }
}

/** What stands in the item itself, and in no list inside it. */
function scoped(selector: string): string {
  return `:scope > ${selector}, :scope > label > ${selector}`;
}

/** Whether an item says of itself that it is done; undefined if it is no task. */
function checkedItem(item: Element): boolean | undefined {
  if (item.getAttribute("role") === "checkbox") return isChecked(item);
  const said =
    item.getAttribute("data-checked") ??
    item.getAttribute("data-list")?.match(/^(?:un)?checked$/)?.[0] ??
    styleOf(item, "--en-checked");
  return said === undefined ? undefined : said === "true" || said === "checked";
}

function isChecked(drawn: Element): boolean {
  return drawn.matches("[aria-checked=true], .checkbox-on");
}

function boxOf({ ownerDocument }: Element, isDone: boolean): HTMLInputElement {
  const box = ownerDocument.createElement("input");
  box.type = "checkbox";
  if (isDone) box.setAttribute("checked", "");
  return box;
}

function readWritten(block: Element): void {
  const walker = block.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let text = walker.nextNode() as Text | null;
  while (text && isBlank(text)) text = walker.nextNode() as Text | null;
  if (!text || text.parentElement?.closest("li, p, pre, code, td, th") !== block) return;
  const written = WRITTEN.exec(text.data);
  if (!written) return;
  text.data = text.data.slice(written[0].length);
  block.prepend(boxOf(block, (written[2] ?? written[3]) !== undefined));
}

interface Places {
  /** The items that have their box. */
  items: Set<Element>;
  /** The lists that were made of boxes outside lists. */
  lists: Set<ChildNode>;
}

/** Puts a box where Markdown has one: first in an item. */
function place(box: HTMLInputElement, { items, lists }: Places): void {
  if (box.closest("td, th")) {
    box.replaceWith(box.hasAttribute("checked") ? "☑ " : "☐ ");
    return;
  }
  const item = box.closest("li");
  if (item) {
    if (!items.has(item)) item.prepend(box);
    items.add(item);
    return;
  }
  const words = wordsOf(box);
  const [first, last] = [words[0], words.at(-1)] as [ChildNode, ChildNode];
  const isAll = !beside(first, "previousSibling") && !beside(last, "nextSibling");
  const around = isAll && first.parentElement?.matches("p, div, label") && first.parentElement;
  const place = around || first;
  const task = box.ownerDocument.createElement("li");
  const ends = endsBefore(place);
  let list = beside(ends.at(-1) ?? place, "previousSibling");
  if (list && lists.has(list)) {
    for (const end of ends) end.remove();
  } else {
    list = box.ownerDocument.createElement("ul");
    lists.add(list);
    place.before(list);
  }
  task.append(box, ...words.filter((node) => node !== box));
  list.appendChild(task);
  if (around) around.remove();
}

/** The box and the words that it is about, as siblings: up to the next line, block or box. */
function wordsOf(box: Element): ChildNode[] {
  let first = box;
  for (let around = box.parentElement; around?.matches("label, span"); around = around.parentElement) {
    if (around.querySelector(BOX) !== box || around.querySelectorAll(BOX)[1]) break;
    first = around;
  }
  const words: ChildNode[] = [first];
  if (first.matches("label") && first.textContent?.trim()) return words;
  for (let next = first.nextSibling; next && !isEnd(next); next = next.nextSibling) words.push(next);
  return words;
}

/** The next sibling that shows something. */
function beside(node: ChildNode, direction: "previousSibling" | "nextSibling"): ChildNode | null {
  let next = node[direction];
  while (next && isBlank(next)) next = next[direction];
  return next;
}

function isEnd(node: Node): boolean {
  return (
    isBlock(node) ||
    (node instanceof Element && (node.matches(`br, ${BOX}`) || node.querySelector(BOX) !== null))
  );
}

/** The ends of lines before a node, the last one first. */
function endsBefore(node: ChildNode): Element[] {
  const ends: Element[] = [];
  let before = beside(node, "previousSibling");
  for (; before instanceof Element && before.localName === "br"; before = beside(before, "previousSibling"))
    ends.push(before);
  return ends;
}
