// The controls of the fields beside the text: the name above it, and the others in the line below the name.
import { NAME_MAX } from "@notejam/core/field/limits";
import type { FieldName, FieldValue } from "@notejam/core/note/fields";
import { For, type JSX } from "solid-js";
import { PadSelect } from "../../pads/pad-select.tsx";
import { pads } from "../../pads/pads.ts";
import { t } from "../../words/note.ts";
import { FIELD_WORDS } from "../field-words.ts";
import type { Writing } from "./writing.ts";

export function NameField(props: { writing: Writing }) {
  return (
    <input
      class="name"
      aria-label={FIELD_WORDS.name.label}
      placeholder={props.writing.beginning()}
      value={props.writing.values().name ?? ""}
      // It counts UTF-16 units, of which a character has two at most.
      maxLength={2 * NAME_MAX}
      dir="auto"
      autocomplete="off"
      enterkeyhint="next"
      onInput={(event) => props.writing.setField("name", event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        props.writing.field()?.view.focus();
      }}
    />
  );
}

interface ControlProps {
  label: string;
  value: FieldValue;
  set: (value: FieldValue) => void;
}

const CONTROLS: Record<Exclude<FieldName, "name">, (props: ControlProps) => JSX.Element> = {
  padId: PadField,
};

const OTHERS = Object.keys(CONTROLS) as (keyof typeof CONTROLS)[];

export function OtherFields(props: { writing: Writing }) {
  return (
    <For each={OTHERS}>
      {(name) => {
        const Control = CONTROLS[name];
        return (
          <Control
            label={FIELD_WORDS[name].label}
            value={props.writing.values()[name]}
            set={(value) => props.writing.setField(name, value)}
          />
        );
      }}
    </For>
  );
}

function PadField(props: ControlProps) {
  return <PadSelect {...props} pads={pads.all()} none={t("pad.none")} choose={props.set} />;
}

/** The other fields in words, as the preview shows them. */
export function OtherValues(props: { writing: Writing }) {
  return (
    <For each={OTHERS}>
      {(name) => <span dir="auto">{FIELD_WORDS[name].value(props.writing.values()[name], pads.nameOf)}</span>}
    </For>
  );
}
