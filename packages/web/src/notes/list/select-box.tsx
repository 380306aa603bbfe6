// The checkbox that selects the note of a row. Rows have it while notes are being selected.
import { Show } from "solid-js";
import { t } from "../../words/index.ts";
import type { Selection } from "./selection.ts";

export function SelectBox(props: { note: { id: string; name: string }; selection: Selection }) {
  return (
    <Show when={props.selection.isOpen}>
      <label class="select-box" on:click={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={t("list.selectOne", { name: props.note.name })}
          checked={props.selection.has(props.note.id)}
          onChange={() => props.selection.toggle(props.note.id)}
        />
      </label>
    </Show>
  );
}
