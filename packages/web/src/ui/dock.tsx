// What was just done, at the foot of the window, with a way back. It covers instead of moving what is read, and goes away by
// itself unless the focus or the pointer is in it.
import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { asProblem, explain } from "../data/problem.ts";
import { t } from "../words/index.ts";
import "./dock.css";

const SHOWN_MS = 8000;

interface Message {
  text: JSX.Element;
  /** Takes back what was done. @throws Problem */
  undo?: () => Promise<void>;
}

const [message, setMessage] = createSignal<Message>();

/** Says what was done, instead of what was said before. */
export function say(text: JSX.Element, undo?: () => Promise<void>): void {
  setMessage({ text, ...(undo && { undo }) });
}

/** Where it is said. Screen readers announce changes of a region only if it was there before its content. */
export function Dock() {
  return (
    <div class="dock-place" role="status">
      <Show when={message()} keyed>
        {(message) => <Said message={message} />}
      </Show>
    </div>
  );
}

function Said(props: { message: Message }) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => setMessage((now) => (now === props.message ? undefined : now)), SHOWN_MS);
  };
  const stay = () => clearTimeout(timer);
  wait();
  onCleanup(stay);

  async function undo(): Promise<void> {
    setMessage(undefined);
    try {
      await props.message.undo?.();
    } catch (thrown) {
      say(explain(asProblem(thrown)), props.message.undo);
    }
  }
  return (
    <div class="dock" onFocusIn={stay} onFocusOut={wait} onPointerEnter={stay} onPointerLeave={wait}>
      <p>{props.message.text}</p>
      <Show when={props.message.undo}>
        <button type="button" class="quiet" data-key="undo" onClick={undo}>
          {t("app.undo")}
        </button>
      </Show>
    </div>
  );
}
