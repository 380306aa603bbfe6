// A modal dialog. The browser's own element keeps the focus inside, closes on Escape and gives the focus back.
import { createUniqueId, type JSX, onCleanup, onMount } from "solid-js";
import "./dialog.css";

export function Dialog(props: { title: string; onCancel: () => void; children: JSX.Element }) {
  const titleId = createUniqueId();
  let dialog!: HTMLDialogElement;
  onMount(() => dialog.showModal());
  onCleanup(() => dialog.close());
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onCancel();
      }}
    >
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
