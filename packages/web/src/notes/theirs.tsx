// A note as it was saved elsewhere, beside what is being typed here, with the lines that differ marked.
import type { Note } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createMemo, Show } from "solid-js";
import { When } from "../ui/relative-time.tsx";
import { differing } from "./differing.ts";
import { intoTextarea } from "./line-endings.ts";
import "./theirs.css";

export function Theirs(props: { note: Note; mine: string; pads: readonly Pad[] }) {
  const text = createMemo(() => differing(intoTextarea(props.note.text), props.mine));
  const padName = () => props.pads.find((pad) => pad.id === props.note.padId)?.name ?? "No pad";
  return (
    <section class="theirs" aria-label="Theirs">
      <h2>Theirs</h2>
      <h3 dir="auto">{props.note.name}</h3>
      <p class="about">
        Last edited <When time={props.note.updatedAt} /> · <bdi>{padName()}</bdi>
      </p>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre dir="auto" tabindex="0">
        {text().before}
        <Show when={text().differs}>
          <mark>{text().differs}</mark>
        </Show>
        {text().after}
      </pre>
    </section>
  );
}
