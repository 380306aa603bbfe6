// Turns formatted text from elsewhere into Markdown. Turndown does it, with the tables, tasks and strikethrough of the plugin
// that Joplin maintains. This code loads when such text is pasted for the first time.
import { gfm } from "@joplin/turndown-plugin-gfm";
import DOMPurify from "dompurify";
import Turndown from "turndown";
import { withoutReports } from "../markdown/quiet-html.ts";

/** Elements that plain text loses. Paragraphs and blocks of code can be pasted as plain text. */
const FORMATTED =
  "a[href], b, strong, i, em, u, s, del, strike, code:not(pre code), h1, h2, h3, h4, h5, h6, ul, ol, blockquote, table, hr, img[alt], input[type=checkbox]";
const INSIDE_CODE = "pre *";

/** Turndown takes seconds for elements that are nested deeper than this. */
const TOO_DEEP = Array(100).fill("*").join(">");
/** How many columns one cell may span. */
const COLUMNS_MOST = 20;
/** The number of an item in an ordered list. */
const NUMBER = "data-number";

/**
 * The Markdown of `html`. Nothing of the HTML runs or loads: only texts and marks come out.
 * @returns undefined if it has no formatting, or is nested too deeply
 */
export function markdownOf(html: string): string | undefined {
  const page: DocumentFragment | null = DOMPurify.sanitize(withoutReports(html), {
    FORBID_TAGS: ["svg", "math"],
    RETURN_DOM_FRAGMENT: true,
  });
  if (!page || page.querySelector(TOO_DEEP)) return undefined;
  for (const bold of page.querySelectorAll("b, strong")) {
    // Google Docs wraps all that is copied in a `b` that isn't bold.
    if (/font-weight:\s*(normal|400)/.test(bold.getAttribute("data-style") ?? ""))
      bold.replaceWith(...bold.childNodes);
  }
  for (const picture of page.querySelectorAll("img")) {
    if (!/^https?:/.test(picture.getAttribute("src") ?? "")) picture.replaceWith(picture.alt);
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
  return turndown.turndown(body).trim();
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
