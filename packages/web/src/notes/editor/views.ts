// Whether the text, its preview, or both are shown. The same position stays in view.
import { createSignal, onCleanup } from "solid-js";
import { setBeside } from "../../page/layout.ts";
import type { Position } from "../position.ts";
import { keepReadingPosition, readingPosition } from "../reader/reading-position.ts";
import { wordsIn } from "../words-in.ts";
import type { Writing } from "./writing.ts";

export const VIEWS = ["write", "beside", "read"] as const;
export type View = (typeof VIEWS)[number];

/** How long writing must pause before the preview and the number of words follow. */
const FOLLOW_AFTER_MS = 250;

export type Views = ReturnType<typeof createViews>;

export function createViews({ text, field }: Writing) {
  const [view, setView] = createSignal<View>("write");
  const [shown, setShown] = createSignal("");
  const [words, setWords] = createSignal(wordsIn(text()));
  let preview: HTMLElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let showing: (() => void) | undefined;

  function showPreview(position: Position): void {
    showing?.();
    setShown(text());
    if (preview) showing = keepReadingPosition(preview, position);
  }
  function position(): Position {
    if (view() === "read" && preview) return readingPosition(preview);
    return field()?.position() ?? { top: 0 };
  }
  onCleanup(() => {
    clearTimeout(timer);
    showing?.();
    setBeside(false);
  });
  return {
    view,
    /** The text that the preview shows. */
    shown,
    /** How many words the text has. */
    words,
    /** The position that is in view. */
    position,
    setPreview(element: HTMLElement): void {
      preview = element;
    },

    choose(next: View): void {
      const here = position();
      clearTimeout(timer);
      showing?.();
      setView(next);
      setBeside(next === "beside");
      if (next !== "read") field()?.show(here);
      if (next !== "write") showPreview(here);
    },

    /** Something was written. */
    follow(): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        setWords(wordsIn(text()));
        if (view() !== "write" && preview) showPreview(readingPosition(preview));
      }, FOLLOW_AFTER_MS);
    },
  };
}
