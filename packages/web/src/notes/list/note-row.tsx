// A row with a note, which can be opened or selected.
import { Show } from "solid-js";
import { Marked } from "../../ui/marked.tsx";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/index.ts";
import { excerptOf } from "../title-once.ts";
import type { ListedNote } from "./note-list.ts";
import { SelectBox } from "./select-box.tsx";
import type { Selection } from "./selection.ts";

export function NoteRow(props: {
  note: Pick<ListedNote, "id" | "name" | "updatedAt" | "excerpt" | "inName" | "inText" | "isLeft">;
  href: string;
  isOpen: boolean;
  /** The name of its pad, if the row says it. */
  pad: string | undefined;
  selection: Selection;
}) {
  return (
    <div class="row" classList={{ selected: props.selection.has(props.note.id) }} data-id={props.note.id}>
      <a
        class="note"
        href={props.href}
        aria-current={props.isOpen ? "true" : undefined}
        data-id={props.note.id}
      >
        <b class="clip" dir="auto">
          <Marked text={props.note.name} ranges={props.note.inName} />
        </b>
        <RowTime note={props.note} />
        <p dir="auto">
          <InPad name={props.pad} />
          <Show when={props.note.inText} fallback={excerptOf(props.note)}>
            {(found) => <Marked {...found()} />}
          </Show>
        </p>
      </a>
      <SelectBox note={props.note} selection={props.selection} />
    </div>
  );
}

/** When a note was changed, or since when it is kept here alone. */
export function RowTime(props: { note: { updatedAt: string; isLeft?: true } }) {
  return (
    <span class="when">
      {props.note.isLeft && `${t("list.keptHere")} · `}
      <Time time={props.note.updatedAt} short />
    </span>
  );
}

/** The name of a pad before the beginning of a note in it. */
export function InPad(props: { name: string | undefined }) {
  return (
    <Show when={props.name}>
      {(name) => (
        <span>
          <bdi>{name()}</bdi>:{" "}
        </span>
      )}
    </Show>
  );
}
