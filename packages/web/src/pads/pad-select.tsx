// Chooses a pad, or none.
import { For } from "solid-js";

export function PadSelect(props: {
  label: string;
  pads: readonly { id: string; name: string }[] | undefined;
  /** What it is called to choose no pad. */
  none: string;
  /** The id of the pad that is chosen. */
  value: string | null | undefined;
  choose: (id: string | null) => void;
}) {
  return (
    <select aria-label={props.label} onChange={(event) => props.choose(event.currentTarget.value || null)}>
      <option value="" selected={!props.value}>
        {props.none}
      </option>
      <For each={props.pads}>
        {(pad) => (
          <option value={pad.id} selected={pad.id === props.value}>
            {pad.name}
          </option>
        )}
      </For>
    </select>
  );
}
