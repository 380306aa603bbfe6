// Decides which of a note's HTML reaches the page. DOMPurify keeps only the elements and attributes listed here. Then
// links can lead only to other sites, other notes or headings of the note, and nothing is loaded from other sites.
import { noteAt } from "@notejam/core/note/note-address";
import DOMPurify from "dompurify";
import { t } from "../../words/note.ts";
import { createFootnoteLinks } from "./footnote-links.ts";
import { CALLOUT, keepPosition, positionIn, SOURCE_ATTRIBUTES, TASK, takeSource } from "./source.ts";
import type { Piece } from "./to-html.ts";

const ELEMENTS = [
  "h1 h2 h3 h4 h5 h6 p br hr div blockquote pre ul ol li input",
  "table thead tbody tfoot tr th td caption details summary center",
  "a img em strong i b u s del ins mark small sub sup code kbd samp var q cite abbr span",
].flatMap((names) => names.split(" "));
const ATTRIBUTES = [
  ..."href src alt title align start colspan rowspan open type checked".split(" "),
  ...SOURCE_ATTRIBUTES,
];

/** Images in the note itself. An SVG in an image element can't run scripts. */
const INLINE_IMAGE = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/**
 * Sanitises the pieces of one note, in order.
 * @param tasks whether its tasks can be ticked
 * @throws Error if a piece's HTML is no document with a body, for example one with frames
 */
export function createSanitiser(tasks = false): (piece: Pick<Piece, "html" | "taskKey">) => DocumentFragment {
  const outline = createOutline();
  const linkFootnote = createFootnoteLinks();
  return ({ html, taskKey }) => {
    // DOMPurify's types don't say that it returns null if it finds no body.
    const fragment: DocumentFragment | null = DOMPurify.sanitize(html, {
      ALLOWED_TAGS: ELEMENTS,
      ALLOWED_ATTR: ATTRIBUTES,
      ALLOW_ARIA_ATTR: false,
      ALLOW_DATA_ATTR: false,
      RETURN_DOM_FRAGMENT: true,
    });
    if (!fragment) throw new Error("The HTML has no body");
    // The nodes are still in a separate document, so nothing loads before the images are replaced.
    each(fragment, "img", image);
    each(fragment, "input", (input) => taskBox(input, tasks ? taskKey : undefined));
    each(fragment, "h1, h2, h3, h4, h5, h6", outline.heading);
    each(fragment, "a", (element) => {
      const link = element as HTMLAnchorElement;
      if (!linkFootnote(link)) noteLink(link, outline);
    });
    each(fragment, `[${CALLOUT}]`, (quote) => quote.classList.add("callout"));
    each(fragment, "table", scrollable);
    each(fragment, "th", (cell) => cell.textContent?.trim() || rename(cell, "td"));
    each(fragment, "pre", code);
    takeSource(fragment);
    for (const block of fragment.children) direction(block);
    return fragment;
  };
}

function each(fragment: DocumentFragment, selector: string, change: (element: Element) => void): void {
  for (const element of fragment.querySelectorAll(selector)) change(element);
}

// --- links and images -----------------------------------------------------------------------------------------------

/**
 * A link leads to another site or note, an email address, or a heading of the note. Any other link becomes its text, also one
 * to another page of the app: opening that could do something.
 */
function noteLink(link: HTMLAnchorElement, outline: Outline): void {
  const href = link.getAttribute("href") ?? "";
  const isNote = noteAt(href) !== undefined;
  const isHeading = href.startsWith("#");
  const target = isNote ? href : isHeading ? outline.reference(href) : absolute(href);
  if (target === undefined) {
    link.replaceWith(...link.childNodes);
    return;
  }
  link.setAttribute("href", target);
  if (!isNote && !isHeading) link.rel = "noopener nofollow";
  if (!link.textContent?.trim() && !link.querySelector("img")) link.textContent = href;
}

/** An absolute address with an allowed scheme, or undefined. */
function absolute(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : undefined;
}

/**
 * An image on another site would tell that site who reads the note. It becomes a link, or its description if it is
 * inside a link.
 */
function image(element: Element): void {
  const source = element.getAttribute("src") ?? "";
  if (INLINE_IMAGE.test(source)) {
    if (!element.hasAttribute("alt")) element.setAttribute("alt", "");
    return;
  }
  const address = absolute(source);
  const description = element.getAttribute("alt")?.trim() || (address ? t("note.image") : "");
  if (address === undefined || element.closest("a")) {
    element.replaceWith(description);
    return;
  }
  const link = element.ownerDocument.createElement("a");
  link.href = address;
  link.textContent = description;
  element.replaceWith(link);
}

// --- blocks ---------------------------------------------------------------------------------------------------------

/** Characters of a task's text that name its box. */
const TASK_NAME = 100;

/**
 * Shows the box of a task. It is a new element: nothing of the note's own HTML is in it. A box in HTML is drawn, and any other
 * control is removed.
 * @param key what marks the tasks that can be ticked
 */
function taskBox(input: Element, key: string | undefined): void {
  if (input.getAttribute("type") !== "checkbox") {
    input.remove();
    return;
  }
  const at = key && positionIn(input.getAttribute(TASK), key);
  const box = typeof at === "number" ? openBox(input, at) : drawnBox(input);
  input.replaceWith(box);
  // The space after a box is its margin: as text it would be struck out with the task.
  const { nextSibling } = box;
  if (nextSibling instanceof Text) nextSibling.data = nextSibling.data.trimStart();
}

/** A box that can be ticked, named by its task. */
function openBox(input: Element, at: number): Element {
  const box = input.ownerDocument.createElement("input");
  keepPosition(box, at);
  box.type = "checkbox";
  box.className = "task";
  if (input.hasAttribute("checked")) box.setAttribute("checked", "");
  const words = input.closest("li, p")?.textContent?.trim() ?? "";
  box.setAttribute("aria-label", words.slice(0, TASK_NAME) || t("note.task"));
  return box;
}

function drawnBox(input: Element): Element {
  const box = input.ownerDocument.createElement("span");
  const isDone = input.hasAttribute("checked");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", t(isDone ? "note.done" : "note.toDo"));
  box.className = isDone ? "task done" : "task";
  box.textContent = isDone ? "☑" : "☐";
  return box;
}

/** Puts a table into a frame that scrolls, also with the keyboard. */
function scrollable(table: Element): void {
  const frame = table.ownerDocument.createElement("div");
  frame.className = "table-frame sideways";
  frame.tabIndex = 0;
  table.replaceWith(frame);
  frame.append(table);
}

/** A code block scrolls, so the keyboard must reach it. Its direction is left to right in any language. */
function code(block: Element): void {
  block.setAttribute("tabindex", "0");
  block.setAttribute("dir", "ltr");
}

/**
 * A block has the direction of its first words, and each line in it has its own (prose.css). Only the outermost element
 * gets the attribute: with one on each item of a long list, the browser would look at every item for each.
 */
function direction(block: Element): void {
  const inner = block.matches(".table-frame") ? block.firstElementChild : block;
  if (inner?.hasAttribute("dir") === false) inner.setAttribute("dir", "auto");
}

function rename(element: Element, name: string): Element {
  const renamed = element.ownerDocument.createElement(name);
  for (const { name, value } of element.attributes) renamed.setAttribute(name, value);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

// --- headings -------------------------------------------------------------------------------------------------------

interface Outline {
  heading(element: Element): void;
  /** The address of the heading that `#name` refers to. */
  reference(fragment: string): string;
}

/**
 * A note's headings are below the page's own heading and skip no level. Their ids are made as GitHub does it, so that a
 * table of contents works, with a prefix that no id of the page has.
 */
function createOutline(): Outline {
  const PREFIX = "note-";
  const used = new Map<string, number>();
  /** The levels in the source of the headings that the present place is below. */
  const above: number[] = [];
  return {
    heading(element) {
      const words = element.textContent?.trim() ?? "";
      if (!words && !element.querySelector("img")) return element.remove();
      const level = Number(element.tagName[1]);
      while ((above.at(-1) ?? 0) >= level) above.pop();
      above.push(level);
      const slug = words
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
        .replaceAll(" ", "-");
      const count = used.get(slug) ?? 0;
      used.set(slug, count + 1);
      rename(element, `h${Math.min(above.length + 1, 6)}`).id =
        PREFIX + (count === 0 ? slug : `${slug}-${count}`);
    },
    reference: (fragment) =>
      `#${PREFIX}${fragment
        .slice(1)
        .replace(/^user-content-/, "")
        .toLowerCase()}`,
  };
}
