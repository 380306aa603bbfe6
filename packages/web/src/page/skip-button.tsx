// Takes the keyboard past what is the same on every page. It is a button, since a link to a fragment would add a step to
// the history.
import { mainHeading } from "./focus.ts";
import "./skip-button.css";

export function SkipButton(props: { children: string }) {
  return (
    <button type="button" class="skip" onClick={() => mainHeading()?.focus()}>
      {props.children}
    </button>
  );
}
