// Turns formatted text from elsewhere into Markdown. Turndown does it, with the tables, tasks and strikethrough of the plugin
// that Joplin maintains. This code loads when such text is pasted for the first time.
import { gfm } from "@joplin/turndown-plugin-gfm";
import DOMPurify from "dompurify";
import Turndown from "turndown";
import { t } from "../../words/note.ts";
import { withoutReports } from "../markdown/quiet-html.ts";
import { makeLists } from "./pasted-lists.ts";
import { markAsItLooks } from "./pasted-marks.ts";
import { isBlank, isBlock } from "./pasted-style.ts";
import { makeTasks, withoutStrokesOfDone } from "./pasted-tasks.ts";

/** Elements that plain text loses. Paragraphs and blocks of code can be pasted as plain text. */
const FORMATTED =
  "a[href], strong, em, u, s, code:not(pre code), h1, h2, h3, h4, h5, h6, ul, ol, blockquote, table, hr, img[alt], input[type=checkbox]";
const INSIDE_CODE = "pre *";

/** Turndown takes seconds for elements that are nested deeper than this. */
const TOO_DEEP = Array(100).fill("*").join(">");
/** How many columns one cell may span. */
const COLUMNS_MOST = 20;
/** The plugin takes seconds for a row that has more cells than this. */
const CELLS_MOST = 1000;
/** Paragraphs of Word that are more than that, by their class. */
const WORD_STYLES = [
  ["MsoTitle", "h1"],
  ["MsoQuote", "blockquote"],
  ["MsoIntenseQuote", "blockquote"],
] as const;
const EMOJI = /^\p{Extended_Pictographic}/u;
/** The words of an item, in a block of their own for no reason: with it, the list would be spaced out. */
const ONLY_BLOCK = ":is(li > :is(p, div), li > div > p):first-of-type:last-of-type";
/** The number of an item in an ordered list. */
const NUMBER = "data-number";

/** What a program put on the clipboard, as a note can have it. */
interface Pasted {
  /** Undefined if it has no formatting, is nested too deeply, or has a table that is too wide. */
  markdown?: string | undefined;
  /** The descriptions of images that have no address on the web. */
  leftOut: string[];
}

/** Makes Markdown of `html`. Nothing of the HTML runs or loads: only texts and marks come out. */
export function pastedOf(html: string): Pasted {
  const leftOut: string[] = [];
  const markdown = markdownOf(html, leftOut);
  return { markdown, leftOut };
}

function markdownOf(html: string, leftOut: string[]): string | undefined {
  const page: DocumentFragment | null = DOMPurify.sanitize(withoutReports(html), {
    FORBID_TAGS: ["svg", "math"],
    RETURN_DOM_FRAGMENT: true,
  });
  if (!page || page.querySelector(TOO_DEEP)) return undefined;
  if ([...page.querySelectorAll("tr")].some(({ cells }) => cells.length > CELLS_MOST)) return undefined;
  makeHeaders(page);
  makeLists(page);
  makeTasks(page);
  markAsItLooks(page);
  withoutStrokesOfDone(page);
  for (const [style, name] of WORD_STYLES) {
    for (const paragraph of page.querySelectorAll(`p.${style}`)) rename(paragraph, name);
  }
  for (const end of page.querySelectorAll("br")) {
    if (isNeedless(end)) end.remove();
  }
  for (const block of page.querySelectorAll(ONLY_BLOCK)) {
    if (block.localName === "p" || ![...block.children].some(isBlock)) block.replaceWith(...block.childNodes);
  }
  for (const picture of page.querySelectorAll("img")) {
    if (/^https?:/.test(picture.getAttribute("src") ?? "")) continue;
    // An emoji is kept by its description.
    if (!EMOJI.test(picture.alt)) leftOut.push(picture.alt || t("note.image"));
    picture.replaceWith(picture.alt);
  }
  // In Markdown a row of a table is one line. The plugin would leave a table with blocks in its cells as HTML.
  for (const block of page.querySelectorAll(
    "table :is(ul, ol, li, blockquote, pre, hr, h1, h2, h3, h4, h5, h6)",
  )) {
    block.replaceWith(" ", ...block.childNodes, " ");
  }
  // The plugin writes a cell for each column that a cell spans, and the HTML may claim millions.
  for (const cell of page.querySelectorAll<HTMLTableCellElement>("[colspan]")) {
    cell.setAttribute("colspan", String(Math.min(cell.colSpan ?? 1, COLUMNS_MOST)));
  }
  for (const list of page.querySelectorAll("ol")) {
    let number = list.start;
    for (const item of list.children) item.setAttribute(NUMBER, String(number++));
  }
  const isFormatted = [...page.querySelectorAll(FORMATTED)].some((element) => !element.matches(INSIDE_CODE));
  if (!isFormatted) return undefined;
  const body = page.ownerDocument.createElement("body");
  body.append(page);
  return turndown
    .turndown(body)
    .replace(/ *\xA0[\xA0 ]*$/gm, "")
    .trim();
}

/** A table of a word processor has no header cells, but Markdown's tables do: the first row. */
function makeHeaders(page: DocumentFragment): void {
  for (const table of page.querySelectorAll("table")) {
    const [first, second] = table.querySelectorAll("tr");
    if (second && !table.querySelector("th"))
      for (const cell of [...(first?.children ?? [])]) rename(cell, "th");
  }
}

/** Whether the end of a line is at the end of a block, where it shows nothing. */
function isNeedless(end: Element): boolean {
  if (!end.parentElement || isBlock(end.parentElement)) {
    let [before, after] = [end.previousSibling, end.nextSibling];
    while (before && isBlank(before)) before = before.previousSibling;
    while (after && isBlank(after)) after = after.nextSibling;
    return !before || !after || isBlock(before) || isBlock(after);
  }
  return false;
}

function rename(element: Element, name: string): void {
  const renamed = element.ownerDocument.createElement(name);
  for (const { name, value } of element.attributes) renamed.setAttribute(name, value);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

const turndown = new Turndown({
  headingStyle: "atx",
  bulletListMarker: "-",
  codeBlockStyle: "fenced",
  emDelimiter: "*",
  hr: "---",
});
turndown.use(gfm);
turndown.addRule("item", {
  filter: "li",
  // One space after the mark, as the toolbar writes it.
  replacement(content, node) {
    const number = (node as Element).getAttribute(NUMBER);
    const mark = number === null ? "- " : `${number}. `;
    const inner = content
      .trim()
      .replace(/^(\[[ x]\])\s+/, "$1 ")
      .replaceAll(/\n(?=.)/g, `\n${" ".repeat(mark.length)}`);
    return `${mark}${inner}${node.nextSibling ? "\n" : ""}`;
  },
});
