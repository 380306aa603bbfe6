// A question that must be answered before something goes on, as a promise: `if (await ask({...}))`.
import { createSignal, Show } from "solid-js";
import { Dialog } from "./dialog.tsx";
import "./form.css";

export interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
  /** Whether a yes loses something. */
  loses: boolean;
}

const [asked, setAsked] = createSignal<Question & { answer(yes: boolean): void }>();

/** Whether the reader says yes. Escape is a no, and so is another question. */
export function ask(question: Question): Promise<boolean> {
  asked()?.answer(false);
  return new Promise((resolve) => {
    setAsked({
      ...question,
      answer(yes) {
        setAsked(undefined);
        resolve(yes);
      },
    });
  });
}

/** Where questions appear; the shell has one. */
export function Questions() {
  return (
    <Show when={asked()} keyed>
      {(question) => (
        <Dialog title={question.title} onCancel={() => question.answer(false)}>
          <p>{question.text}</p>
          <p class="actions">
            <button type="button" onClick={() => question.answer(false)}>
              {question.no}
            </button>
            <button
              type="button"
              classList={{ danger: question.loses }}
              onClick={() => question.answer(true)}
            >
              {question.yes}
            </button>
          </p>
        </Dialog>
      )}
    </Show>
  );
}
