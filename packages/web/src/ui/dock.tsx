// Says at the foot of the window what was just done, and offers a way back. It covers the page instead of moving it, and goes away
// by itself unless the focus or the pointer is in it.
import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { asProblem, explain } from "../data/problem.ts";
import { t } from "../words/index.ts";
import "./dock.css";

const SHOWN_MS = 8000;

interface Message {
  text: JSX.Element;
  /** What can be done about it. @throws Problem, which is said in its place */
  offer?: { words: string; act: () => Promise<unknown>; isUndo?: boolean } | undefined;
}

const [message, setMessage] = createSignal<Message>();

/** Says what was done, instead of what was said before. `undo` takes it back. */
export function say(text: JSX.Element, undo?: () => Promise<unknown>): void {
  setMessage({ text, offer: undo && { words: t("app.undo"), act: undo, isUndo: true } });
}

/** Says why something could not be done, and offers to try again. */
export function sayProblem(thrown: unknown, again: () => Promise<unknown>): void {
  setMessage({ text: explain(asProblem(thrown)), offer: { words: t("app.tryAgain"), act: again } });
}

/** The region in which it is said. Screen readers announce changes of a region only if it was there before its content. */
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

  async function take({ act }: { act: () => Promise<unknown> }): Promise<void> {
    setMessage(undefined);
    try {
      await act();
    } catch (thrown) {
      sayProblem(thrown, act);
    }
  }
  return (
    <div
      class="dock"
      classList={{ undo: props.message.offer?.isUndo }}
      onFocusIn={stay}
      onFocusOut={wait}
      onPointerEnter={stay}
      onPointerLeave={wait}
    >
      <p>{props.message.text}</p>
      <Show when={props.message.offer}>
        {(offer) => (
          <button type="button" class="quiet" data-key="undo" onClick={() => take(offer())}>
            {offer().words}
          </button>
        )}
      </Show>
    </div>
  );
}
