// A note's text as its reader sees it: Markdown where it can be, and plain where it can't.
import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { parse } from "./parse.ts";

export function Markdown(props: { text: string }) {
  const [state, setState] = createSignal<"waiting" | "growing" | "whole" | "plain">("waiting");
  let prose!: HTMLElement;

  async function show(text: string, signal: AbortSignal): Promise<void> {
    try {
      const { createSanitiser } = await import("./sanitise.ts");
      const sanitise = createSanitiser();
      await parse(
        text,
        (html) => {
          prose.append(sanitise(html));
          setState("growing");
        },
        signal,
      );
      setState("whole");
    } catch {
      // Not loaded, nested too deep, or takes too long: a note can always be read as it was written.
      if (signal.aborted) return;
      prose.replaceChildren();
      setState("plain");
    }
  }

  createEffect(() => {
    const text = props.text;
    const aborting = new AbortController();
    setState("waiting");
    prose.replaceChildren();
    void show(text, aborting.signal);
    onCleanup(() => aborting.abort());
  });

  return (
    <>
      <article class="prose" ref={prose} aria-busy={state() === "waiting" || state() === "growing"} />
      <Show when={state() === "waiting" || state() === "plain"}>
        <pre class="plain" classList={{ waiting: state() === "waiting" }} dir="auto">
          {props.text}
        </pre>
      </Show>
    </>
  );
}
