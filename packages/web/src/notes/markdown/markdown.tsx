// A note's text, rendered as Markdown, or as plain text if that fails.
import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { parse } from "./parse.ts";
import "./prose.css";

/** If rendering takes longer than this, the plain text is shown until it is done. */
const SHOW_PLAIN_AFTER_MS = 400;

export function Markdown(props: { text: string }) {
  const [isPlain, setPlain] = createSignal(false);
  const [isRendering, setRendering] = createSignal(true);
  let prose!: HTMLElement;

  async function render(text: string, signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => setPlain(true), SHOW_PLAIN_AFTER_MS);
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
      setRendering(false);
    } catch {
      // The renderer did not load, the text is nested too deeply, or parsing takes too long. Plain text always works.
      if (signal.aborted) return;
      clearTimeout(timer);
      prose.replaceChildren();
      setPlain(true);
      setRendering(false);
    }
  }

  createEffect(() => {
    const text = props.text;
    const aborting = new AbortController();
    setPlain(false);
    setRendering(true);
    prose.replaceChildren();
    void render(text, aborting.signal);
    onCleanup(() => aborting.abort());
  });

  return (
    <>
      <article class="prose" ref={prose} aria-busy={isRendering()} />
      <Show when={isPlain()}>
        <pre class="plain" dir="auto">
          {props.text}
        </pre>
      </Show>
    </>
  );
}
