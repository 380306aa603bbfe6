// The bar of a pane with its title, beside the wordmark where no sidebar has it.
import { type JSX, type Ref, Show } from "solid-js";
import { Wordmark } from "./wordmark.tsx";

export function TitleBar(props: {
  title: string;
  /** How many things the pane has; false if that is not known yet. */
  count?: number | string | false | undefined;
  /** Whether the pane takes the room of list and note, so that the sidebar is missing in fewer windows. */
  isFull?: boolean;
  ref?: Ref<HTMLHeadingElement>;
  /** What follows the title. */
  children?: JSX.Element;
}) {
  return (
    <div class="bar">
      <Wordmark class={props.isFull ? "mid-only" : ""} />
      <h1 class="clip" ref={props.ref} tabindex="-1" dir="auto">
        {props.title}
      </h1>
      <Show when={props.count !== undefined && props.count !== false}>
        <span class="count number">{props.count?.toLocaleString()}</span>
      </Show>
      {props.children}
    </div>
  );
}
