// A page that takes the room of list and note: the settings, and the trash.
import type { JSX } from "solid-js";
import { useArrival } from "./focus.ts";
import { ThumbBar } from "./thumb-bar.tsx";
import { RANK, useTitle } from "./title.ts";
import { TitleBar } from "./title-bar.tsx";

/** `count`: how many things it is about. */
export function FullPage(props: {
  title: string;
  count?: number | string | undefined;
  children: JSX.Element;
}) {
  let heading!: HTMLHeadingElement;
  useTitle(() => props.title, RANK.page);
  useArrival(() => heading);
  return (
    <main class="pane full reader">
      <TitleBar ref={heading} title={props.title} count={props.count} isFull />
      <div class="scroll">{props.children}</div>
      <ThumbBar />
    </main>
  );
}
