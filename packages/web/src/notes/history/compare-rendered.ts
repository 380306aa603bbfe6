// Renders two texts and compares them as they read.
import { isComplete } from "../markdown/completeness.ts";
import { parse } from "../markdown/parse.ts";
import { createSanitiser } from "../markdown/sanitise.ts";
import { type RenderedDifference, renderedDifference } from "./rendered-difference.ts";

/** UTF-16 units of a text. Beyond that, what is compared would be laid out at once for too long. */
const LENGTH_MAX = 64 * 1024;
/** How long the page waits for the difference. What is not found by then counts as replaced. */
const SEARCH_MAX_MS = 300;

/**
 * @param before left out if there is no text before
 * @returns undefined if a text can't be compared as it reads: it is too long, or its HTML takes words away
 * @throws the signal's reason if it was aborted
 */
export async function compareRendered(
  before: string | undefined,
  after: string,
  signal: AbortSignal,
): Promise<RenderedDifference | undefined> {
  if (Math.max(before?.length ?? 0, after.length) > LENGTH_MAX) return undefined;
  try {
    const now = await render(after, signal);
    const then = before === undefined ? now : await render(before, signal);
    return renderedDifference(then, now, Date.now() + SEARCH_MAX_MS);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function render(text: string, signal: AbortSignal): Promise<DocumentFragment> {
  const sanitise = createSanitiser();
  const page = document.createDocumentFragment();
  const show = (piece: Parameters<typeof sanitise>[0] & { texts: string }) => {
    const blocks = sanitise(piece);
    if (!isComplete(blocks, piece.texts)) throw new Error("Words are missing");
    page.append(blocks);
  };
  await parse(text, show, signal);
  // Links within the note lead nowhere from here, and a heading that is renamed is the same heading.
  for (const element of page.querySelectorAll("[id]")) element.removeAttribute("id");
  for (const link of page.querySelectorAll('a[href^="#"]')) link.replaceWith(...link.childNodes);
  return page;
}
