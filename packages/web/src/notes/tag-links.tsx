// Links to the lists of a note's tags.
import { ORDER_DEFAULT } from "@notejam/core/note/limits";
import { For } from "solid-js";
import { addressOf } from "./list/filter.ts";

export function TagLinks(props: { tags: readonly string[] }) {
  return (
    <For each={props.tags}>
      {(tag) => (
        <a href={addressOf({ tag, order: ORDER_DEFAULT })} dir="auto">
          #{tag}
        </a>
      )}
    </For>
  );
}
