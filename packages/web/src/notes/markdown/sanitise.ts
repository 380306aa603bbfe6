// What of a note's HTML reaches the page, and in which form. DOMPurify keeps only the elements and attributes named
// here; then links lead only out of the note or to its headings, and nothing is fetched from elsewhere.
import DOMPurify from "dompurify";

const ELEMENTS = [
  ...[
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "br",
    "hr",
    "div",
    "blockquote",
    "pre",
    "ul",
    "ol",
    "li",
    "input",
  ],
  ...["table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "details", "summary", "center"],
  ...[
    "a",
    "img",
    "em",
    "strong",
    "i",
    "b",
    "u",
    "s",
    "del",
    "ins",
    "mark",
    "small",
    "sub",
    "sup",
    "code",
    "kbd",
  ],
  ...["samp", "var", "q", "cite", "abbr", "span"],
];
const ATTRIBUTES = [
  ...["href", "src", "alt", "title", "align", "start", "colspan", "rowspan", "open", "type", "checked"],
];

/** Pictures that are in the note itself. An SVG in an image element runs no scripts. */
const PICTURE_IN_NOTE = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/** Makes the pieces of one note safe, in order. */
export function createSanitiser(): (html: string) => DocumentFragment {
  const outline = createOutline();
  return (html) => {
    const fragment = DOMPurify.sanitize(html, {
      ALLOWED_TAGS: ELEMENTS,
      ALLOWED_ATTR: ATTRIBUTES,
      ALLOW_ARIA_ATTR: false,
      ALLOW_DATA_ATTR: false,
      RETURN_DOM_FRAGMENT: true,
    });
    // Its nodes are in a document of their own still: nothing loads before the pictures are dealt with.
    each(fragment, "img", picture);
    each(fragment, "input", checkbox);
    each(fragment, "h1, h2, h3, h4, h5, h6", outline.heading);
    each(fragment, "a", (link) => outgoing(link as HTMLAnchorElement, outline));
    each(fragment, "table", scrolling);
    each(fragment, "th", (cell) => cell.textContent?.trim() || rename(cell, "td"));
    each(fragment, "pre", code);
    for (const block of fragment.children) direction(block);
    return fragment;
  };
}

function each(fragment: DocumentFragment, selector: string, change: (element: Element) => void): void {
  for (const element of fragment.querySelectorAll(selector)) change(element);
}

// --- links and pictures ---------------------------------------------------------------------------------------------

/** A link leads to another site, to a mail, or to a heading of the note. Any other is its text. */
function outgoing(link: HTMLAnchorElement, outline: Outline): void {
  const href = link.getAttribute("href") ?? "";
  const target = href.startsWith("#") ? outline.reference(href) : absolute(href);
  if (target === undefined) {
    link.replaceWith(...link.childNodes);
    return;
  }
  link.setAttribute("href", target);
  if (!href.startsWith("#")) link.rel = "noopener nofollow";
  if (!link.textContent?.trim() && !link.querySelector("img")) link.textContent = href;
}

/** An address that means the same wherever it is written; undefined for any other, or a scheme that is not followed. */
function absolute(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : undefined;
}

/** A picture from elsewhere would tell its host who reads the note when: it becomes a link, inside a link its words. */
function picture(image: Element): void {
  const source = image.getAttribute("src") ?? "";
  if (PICTURE_IN_NOTE.test(source)) {
    if (!image.hasAttribute("alt")) image.setAttribute("alt", "");
    return;
  }
  const address = absolute(source);
  const words = image.getAttribute("alt")?.trim() || (address ? "Picture" : "");
  if (address === undefined || image.closest("a")) {
    image.replaceWith(words);
    return;
  }
  const link = image.ownerDocument.createElement("a");
  link.href = address;
  link.textContent = words;
  image.replaceWith(link);
}

// --- blocks ---------------------------------------------------------------------------------------------------------

/** Of a task list; any other control is not a note's to have. */
function checkbox(input: Element): void {
  if (input.getAttribute("type") !== "checkbox") {
    input.remove();
    return;
  }
  const box = input.ownerDocument.createElement("span");
  const isDone = input.hasAttribute("checked");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", isDone ? "Done" : "To do");
  box.className = "task";
  box.textContent = isDone ? "☑" : "☐";
  input.replaceWith(box);
}

/** A wide table scrolls by itself, for the keyboard too. */
function scrolling(table: Element): void {
  const frame = table.ownerDocument.createElement("div");
  frame.className = "table-frame";
  frame.tabIndex = 0;
  table.replaceWith(frame);
  frame.append(table);
}

/** It scrolls, so the keyboard must reach it; and it goes from left to right in any language. */
function code(block: Element): void {
  block.setAttribute("tabindex", "0");
  block.setAttribute("dir", "ltr");
}

/**
 * A block goes in the direction of its first words, and each line in it begins where its own do (prose.css). Only
 * the outermost says so: where each item of a long list did, finding the list's first words would pass over them all.
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
  /** The address of the heading that `#name` means. */
  reference(fragment: string): string;
}

/**
 * A note's headings stand below the page's own and skip no level. Their ids begin with a word that no id of the page
 * begins with, and are made like GitHub makes them, so that a table of contents works.
 */
function createOutline(): Outline {
  const PREFIX = "note-";
  const used = new Map<string, number>();
  let level = 1;
  return {
    heading(element) {
      const words = element.textContent?.trim() ?? "";
      if (!words && !element.querySelector("img")) return element.remove();
      level = Math.min(Number(element.tagName[1]) + 1, level + 1, 6);
      const slug = words
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
        .replaceAll(" ", "-");
      const count = used.get(slug) ?? 0;
      used.set(slug, count + 1);
      rename(element, `h${level}`).id = PREFIX + (count === 0 ? slug : `${slug}-${count}`);
    },
    reference: (fragment) =>
      `#${PREFIX}${fragment
        .slice(1)
        .replace(/^user-content-/, "")
        .toLowerCase()}`,
  };
}
