// A page's title: in the tab, beside the wordmark, and where the keyboard's focus goes when the reader arrives.
import { createEffect, createSignal, type JSX, onMount } from "solid-js";
import "./page.css";

const [title, setTitle] = createSignal("");
let heading: HTMLHeadingElement | undefined;
/** The browser itself says the first page's title; from then on the focus does. */
let hasArrived = false;

/**
 * The content of a page. `focus`: what takes the focus when the reader comes from another page, the title unless
 * said; a form that begins something new names its first field.
 */
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
