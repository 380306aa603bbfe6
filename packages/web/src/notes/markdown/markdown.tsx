// A note's text, rendered as Markdown. The whole note is plain text if rendering fails or loses a word: a page that is
// Markdown in one part and source in another would be hard to read.
import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { t } from "../../words/note.ts";
import { isComplete } from "./completeness.ts";
import { highlight } from "./highlight.ts";
import { parse } from "./parse.ts";
import type { Part } from "./pieces.ts";
import { positionOf } from "./source.ts";
import { areSameButForTicks, isDoneAt, withBox } from "./tasks.ts";
import { isTitle } from "./title.ts";
import "../../ui/sideways.css";
import "./prose.css";

/** If rendering takes longer than this, the plain text is shown until it is done. */
const SHOW_PLAIN_AFTER_MS = 400;

export function Markdown(props: {
  text: string;
  /** The name that stands above: a first block that says only this is not shown again. */
  title?: string | undefined;
  /**
   * Called when the user ticks a task. `tick` does so in a text; it returns undefined if that is another text than the one shown.
   * It resolves when `text` has the tick or will not have it. Without it, none can be ticked.
   */
  onTask?: (tick: (text: string) => string | undefined) => Promise<void>;
}) {
  const [isPlain, setPlain] = createSignal(false);
  const [isRendering, setRendering] = createSignal(true);
  const [hasFailed, setFailed] = createSignal(false);
  let prose!: HTMLElement;
  /** What is on the page, but for ticks since then. */
  let shown: string | undefined;
  /** The first block. */
  let first: Element | undefined;
  /** Ticks that `text` does not have yet. */
  let ticking = 0;

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
          const blocks = sanitise(piece);
          if (!isComplete(blocks, piece.texts)) throw new Error("Words are missing");
          clearTimeout(timer);
          setPlain(false);
          const before = first;
          first ??= blocks.firstElementChild ?? undefined;
          prose.append(piece.part || prose.hasChildNodes() ? frame(blocks, piece.part) : blocks);
          if (!before) showTitleOnce();
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
      clear();
      setFailed(true);
      setPlain(true);
      setRendering(false);
    }
  }

  /** Takes the first block away where it says only the title, and puts it back where it does not. */
  function showTitleOnce(): void {
    if (!first) return;
    const isAgain = props.title !== undefined && isTitle(first, props.title);
    if (!isAgain && !first.isConnected) prose.prepend(first);
    if (isAgain) first.remove();
    // A link to this heading leads to the beginning.
    prose.toggleAttribute("id", isAgain);
    if (isAgain) prose.id = first.id;
  }

  function clear(): void {
    first = undefined;
    prose.removeAttribute("id");
    prose.replaceChildren();
  }

  const boxes = () => [...prose.querySelectorAll<HTMLInputElement>("input.task")];
  const positions = () => boxes().flatMap((box) => positionOf(box) ?? []);

  async function tick({ target }: Event): Promise<void> {
    const box = target as HTMLInputElement;
    const at = positionOf(box);
    const before = shown;
    if (at === undefined || before === undefined) return;
    const isDone = box.checked;
    const all = positions();
    ticking++;
    await props.onTask?.((text) =>
      areSameButForTicks(before, text, all) ? withBox(text, at, isDone) : undefined,
    );
    ticking--;
    showTicks();
  }

  /** Shows what is ticked in the text. A tick that is still being saved stays as the user set it. */
  function showTicks(): void {
    if (ticking > 0 || !prose.isConnected) return;
    for (const box of boxes()) box.checked = isDoneAt(props.text, positionOf(box) ?? 0);
  }

  createEffect(() => {
    const text = props.text;
    if (shown !== undefined && areSameButForTicks(shown, text, positions())) return showTicks();
    shown = text;
    const aborting = new AbortController();
    setPlain(false);
    setFailed(false);
    setRendering(true);
    clear();
    void render(text, aborting.signal);
    onCleanup(() => aborting.abort());
  });

  createEffect(on(() => props.title, showTitleOnce, { defer: true }));

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
