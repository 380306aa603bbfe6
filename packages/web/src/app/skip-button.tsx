// Takes the keyboard past what is the same on every page. A button and no link to a fragment: that would be a step of
// the way back, and would ask about unsaved text.
import "./skip-button.css";

export const CONTENT_ID = "content";

export function SkipButton(props: { children: string }) {
  return (
    <button type="button" class="skip" onClick={() => document.getElementById(CONTENT_ID)?.focus()}>
      {props.children}
    </button>
  );
}
