// A note as it was saved elsewhere, beside the editor, with the lines marked that differ.
import type { Note } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createMemo, createSignal, For, onMount, Show } from "solid-js";
import { Time } from "../ui/time.tsx";
import { t } from "../words/editor.ts";
import "./theirs.css";

type Differences = typeof import("./differences.ts").differences;

export function Theirs(props: { note: Note; mine: string; pads: readonly Pad[] }) {
  const [differences, setDifferences] = createSignal<Differences>();
  onMount(() => {
    // Without the marks, both texts can still be read. An error here would take the page away, and with it their text.
    import("./differences.ts")
      .then((module) => setDifferences(() => module.differences))
      .catch(() => undefined);
  });
  const parts = createMemo(
    () => differences()?.(props.note.text, props.mine) ?? [{ text: props.note.text, isDifferent: false }],
  );
  const padName = () => props.pads.find((pad) => pad.id === props.note.padId)?.name ?? t("pad.none");
  return (
    <section class="theirs" aria-label={t("editor.theirs")}>
      <h2>{t("editor.theirs")}</h2>
      <h3 dir="auto">{props.note.name}</h3>
      <p class="meta">
        {t("note.changedBefore")} <Time time={props.note.updatedAt} /> · <bdi>{padName()}</bdi>
      </p>
      {/* It scrolls, so it must be reachable with the keyboard. */}
      <pre dir="auto" tabindex="0">
        <For each={parts()}>
          {(part) => (
            <Show when={part.isDifferent} fallback={part.text}>
              <mark>{part.text}</mark>
            </Show>
          )}
        </For>
      </pre>
    </section>
  );
}
