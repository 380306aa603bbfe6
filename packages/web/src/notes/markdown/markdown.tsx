// A note's text as its reader sees it: Markdown where it can be, and plain where it can't.
import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { parse } from "./parse.ts";
import "./prose.css";

/** Rendering that takes longer is noticed: until it is done the text is read as it was written. */
const NOTICED_AFTER_MS = 400;

export function Markdown(props: { text: string }) {
  const [isPlain, setPlain] = createSignal(false);
  const [isGrowing, setGrowing] = createSignal(true);
  let prose!: HTMLElement;

  async function show(text: string, signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => setPlain(true), NOTICED_AFTER_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
    try {
      const { createSanitiser } = await import("./sanitise.ts");
      const sanitise = createSanitiser();
      await parse(
        text,
        (html) => {
          clearTimeout(timer);
          setPlain(false);
          prose.append(sanitise(html));
        },
        signal,
      );
      setGrowing(false);
    } catch {
      // Not loaded, nested too deep, or takes too long: a note can always be read as it was written.
      if (signal.aborted) return;
      clearTimeout(timer);
      prose.replaceChildren();
      setPlain(true);
      setGrowing(false);
    }
  }

  createEffect(() => {
    const text = props.text;
    const aborting = new AbortController();
    setPlain(false);
    setGrowing(true);
    prose.replaceChildren();
    void show(text, aborting.signal);
    onCleanup(() => aborting.abort());
  });

  return (
    <>
      <article class="prose" ref={prose} aria-busy={isGrowing()} />
      <Show when={isPlain()}>
        <pre class="plain" dir="auto">
          {props.text}
        </pre>
      </Show>
    </>
  );
}
