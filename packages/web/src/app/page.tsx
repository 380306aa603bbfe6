// A page: its title, which is in the tab and beside the wordmark, and where the focus goes when the user arrives.
import { createEffect, createSignal, type JSX, onMount } from "solid-js";
import "./page.css";

const [title, setTitle] = createSignal("");
let heading: HTMLHeadingElement | undefined;
/** A screen reader announces the first page by its title in the tab, and the next ones by the focus. */
let hasArrived = false;

/** `focus`: a selector for what takes the focus instead of the title, such as the first field of a new thing. */
export function Page(props: { title: string; focus?: string; children: JSX.Element }) {
  createEffect(() => {
    setTitle(props.title);
    document.title = `${props.title} · Notejam`;
  });
  onMount(() => {
    const target = props.focus ? document.querySelector<HTMLElement>(props.focus) : heading;
    if (hasArrived || props.focus) target?.focus({ preventScroll: true });
    hasArrived = true;
  });
  return <>{props.children}</>;
}

/** `notejam: title`. */
export function Masthead() {
  return (
    <div class="masthead">
      <a class="wordmark" href="/" aria-label="Notejam: all notes">
        <b>note</b>jam:
      </a>
      <h1 ref={heading} hidden={title() === ""} tabindex="-1" dir="auto">
        {title()}
      </h1>
    </div>
  );
}
