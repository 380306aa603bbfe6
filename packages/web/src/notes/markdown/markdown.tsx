// A note's text, rendered as Markdown. The whole note is plain text if rendering fails or loses a word: a page that is
// Markdown in one part and source in another would be hard to read.
import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { t } from "../../words/note.ts";
import { isComplete } from "./completeness.ts";
import { highlight } from "./highlight.ts";
import { parse } from "./parse.ts";
import type { Part } from "./pieces.ts";
import "./prose.css";

/** If rendering takes longer than this, the plain text is shown until it is done. */
const SHOW_PLAIN_AFTER_MS = 400;

export function Markdown(props: {
  text: string;
  /** Called when the user ticks a task: which of how many. Without it, none can be ticked. */
  onTask?: (task: { index: number; count: number; box: HTMLInputElement }) => void;
  /** This text is what is shown already: a task was ticked in it. */
  isShown?: (text: string) => boolean;
}) {
  const [isPlain, setPlain] = createSignal(false);
  const [isRendering, setRendering] = createSignal(true);
  const [hasFailed, setFailed] = createSignal(false);
  let prose!: HTMLElement;

  async function render(text: string, signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => setPlain(true), SHOW_PLAIN_AFTER_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
    try {
      const { createSanitiser } = await import("./sanitise.ts");
      signal.throwIfAborted();
      const sanitise = createSanitiser(props.onTask !== undefined);
      await parse(
        text,
        (piece) => {
          const shown = sanitise(piece);
          if (!isComplete(shown, piece.texts)) throw new Error("Words are missing");
          clearTimeout(timer);
          setPlain(false);
          prose.append(piece.part || prose.hasChildNodes() ? frame(shown, piece.part) : shown);
        },
        signal,
      );
      clearTimeout(timer);
      setPlain(false);
      setRendering(false);
      void highlight(prose, signal);
    } catch {
      // The renderer did not load, the text is nested too deeply, parsing takes too long, or HTML takes words away. Plain
      // text always works.
      if (signal.aborted) return;
      clearTimeout(timer);
      prose.replaceChildren();
      setFailed(true);
      setPlain(true);
      setRendering(false);
    }
  }

  function tick({ target }: Event): void {
    const boxes = [...prose.querySelectorAll<HTMLInputElement>("input.task")];
    const index = boxes.indexOf(target as HTMLInputElement);
    const box = boxes[index];
    if (box) props.onTask?.({ index, count: boxes.length, box });
  }

  createEffect(() => {
    const text = props.text;
    if (props.isShown?.(text)) return;
    const aborting = new AbortController();
    setPlain(false);
    setFailed(false);
    setRendering(true);
    prose.replaceChildren();
    void render(text, aborting.signal);
    onCleanup(() => aborting.abort());
  });

  return (
    <>
      <article class="prose" ref={prose} aria-busy={isRendering()} onChange={tick} />
      <Show when={hasFailed()}>
        <p class="meta" role="status">
          {t("note.plain")}
        </p>
      </Show>
      <Show when={isPlain()}>
        <pre class="plain" dir="auto">
          {props.text}
        </pre>
      </Show>
    </>
  );
}

/** The height of a line in rem, with some space between blocks. */
const LINE_HEIGHT = 1.75;
const LINE_LENGTH = 72;

/** A piece that is laid out when it comes near to the view. Until then its height is a guess, for the scroll bar. */
function frame(piece: DocumentFragment, part?: Part): HTMLElement {
  const blocks = piece.querySelectorAll("h2, h3, h4, h5, h6, p, li, tr, hr, br").length;
  const lines = Math.max(blocks, (piece.textContent?.length ?? 0) / LINE_LENGTH);
  const frame = document.createElement("div");
  frame.className = part ? `piece ${part}` : "piece";
  frame.style.containIntrinsicBlockSize = `auto ${Math.ceil(lines * LINE_HEIGHT)}rem`;
  frame.append(piece);
  return frame;
}
