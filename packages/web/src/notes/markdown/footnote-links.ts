// Links a footnote with its place in the text. The parser numbers both ends (footnotes.ts); the ids are made here, because nothing of
// a note's own HTML may choose one.
import { t } from "../../words/note.ts";
import { FOOT, FOOT_BACK } from "./source.ts";

/** How many notes were shown: two of them on one page have ids of their own. */
let notes = 0;

/**
 * Makes the links of one note.
 * @returns what makes a link of a footnote of an element, and says whether it was one
 */
export function createFootnoteLinks(): (link: HTMLAnchorElement) => boolean {
  // No heading's id has a dot.
  const prefix = `note-${++notes}.`;
  const referred = new Set<string>();
  return (link) => {
    const number = link.getAttribute(FOOT);
    const back = link.getAttribute(FOOT_BACK);
    if (number !== null && /^\d+$/.test(number)) {
      link.href = `#${prefix}foot.${number}`;
      link.className = "footnote";
      link.setAttribute("aria-label", t("note.footnote", { number }));
      if (!referred.has(number)) link.id = `${prefix}from.${number}`;
      referred.add(number);
      return true;
    }
    // What has words is not the parser's.
    const item = back === null || link.hasChildNodes() ? undefined : link.closest("li");
    if (!item) return false;
    item.parentElement?.classList.add("feet");
    if (back) {
      item.id = `${prefix}foot.${back}`;
      link.href = `#${prefix}from.${back}`;
      link.setAttribute("aria-label", t("note.backToText"));
      link.textContent = "↑";
      link.before(" ");
    } else link.remove();
    return true;
  };
}
