// Highlights the code of a note, a block at a time while the browser is idle. Only texts and classes reach the page.
import type { Code, Highlighted } from "./highlight-worker.ts";
import { ask, startWorker } from "./own-workers.ts";
import { languageOf } from "./source.ts";

/** Longer code stays plain, and so does what is beyond so much of it in one note. In UTF-16 units. */
const CODE_MAX = 32 * 1024;
const CODE_OF_NOTE_MAX = 8 * CODE_MAX;
/** With its language to load, 32 KiB take a tenth of this. */
const HIGHLIGHT_MAX_MS = 4000;

/** Highlights as much code as it may. The rest stays plain; none of it is missing. */
export async function highlight(note: ParentNode, signal: AbortSignal): Promise<void> {
  const blocks = [...note.querySelectorAll("pre")].filter(languageOf);
  if (blocks.length === 0) return;
  const worker = startWorker("highlighter");
  try {
    let left = CODE_OF_NOTE_MAX;
    for (const block of blocks) {
      const code = block.querySelector("code");
      const text = code?.textContent ?? "";
      const language = languageOf(block);
      if (!language || !code || text.length > Math.min(CODE_MAX, left)) continue;
      left -= text.length;
      const nodes = await ask<Highlighted>(
        worker,
        { language, text } satisfies Code,
        HIGHLIGHT_MAX_MS,
        signal,
      );
      await idle();
      if (signal.aborted) return;
      if (nodes) code.replaceChildren(...nodes.flatMap(nodesOf));
    }
  } catch {
    // It takes too long, or the worker did not load: the rest stays plain.
  } finally {
    worker.terminate();
  }
}

function nodesOf(node: NonNullable<Highlighted>[number]): Node[] {
  if (node.type === "text") return [document.createTextNode(node.value)];
  if (node.type !== "element") return [];
  const span = document.createElement("span");
  span.className = [node.properties.className].flat().join(" ");
  span.append(...node.children.flatMap(nodesOf));
  return [span];
}

/** How long the browser may put a block off. */
const IDLE_MOST_MS = 500;

function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    // Safari has no idle callback.
    if ("requestIdleCallback" in window) requestIdleCallback(resolve, { timeout: IDLE_MOST_MS });
    else setTimeout(resolve);
  });
}
