// Where a note is rendered below its name, a first block that says only the name would say it twice.
import { linesOf } from "./source.ts";

/** What can stand in it and says no more than its words do. A link leads somewhere, and struck words mean something else. */
const PLAIN = "em, strong, code";

/** Whether a block is a paragraph or heading of Markdown that is wholly the name. */
export function isTitle(block: Element, name: string): boolean {
  if (!/^(H[1-6]|P)$/.test(block.tagName) || linesOf(block) === undefined) return false;
  if ([...block.querySelectorAll("*")].some((inner) => !inner.matches(PLAIN))) return false;
  return wordsOf(block.textContent ?? "") === wordsOf(name);
}

function wordsOf(text: string): string {
  return text.replace(/\s+/g, " ").trim().normalize();
}
