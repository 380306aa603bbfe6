// A message about what was just done, shown once on the next page: `Note is successfully created`.
import { createSignal, Show } from "solid-js";
import "./flash.css";

const [message, setMessage] = createSignal<{ text: string; path: string }>();

/** Shows `text` on the page at `path`, until the user goes on. */
export function flash(text: string, path: string): void {
  setMessage({ text, path });
}

/** Removes a message that is not for the page at `path`. */
export function expireFlash(path: string): void {
  if (message() && message()?.path !== path) setMessage(undefined);
}

/** Where the message appears. Screen readers announce changes of a region only if it was there before its content. */
export function Flash() {
  return (
    <div class="flash" role="status">
      <Show when={message()}>{(message) => <p>{message().text}</p>}</Show>
    </div>
  );
}
