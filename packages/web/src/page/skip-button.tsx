// Takes the keyboard past what is the same on every page. It is a button, since a link to a fragment would add a step to
// the history.
import "./skip-button.css";

export const MAIN_ID = "main";

/** To the heading of the open note, or else of the list or page. */
function skip(): void {
  const main = document.getElementById(MAIN_ID);
  const heading = main?.querySelector<HTMLElement>(".reader h1[tabindex]") ?? main?.querySelector("h1");
  heading?.focus();
}

export function SkipButton(props: { children: string }) {
  return (
    <button type="button" class="skip" onClick={skip}>
      {props.children}
    </button>
  );
}
