// Takes the keyboard past what is the same on every page. It is a button, since a link to a fragment would add a step to
// the history and ask about unsaved text.
import "./skip-button.css";

export const CONTENT_ID = "content";

export function SkipButton(props: { children: string }) {
  return (
    <button type="button" class="skip-button" onClick={() => document.getElementById(CONTENT_ID)?.focus()}>
      {props.children}
    </button>
  );
}
