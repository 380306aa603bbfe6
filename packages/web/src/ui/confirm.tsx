// A question in a dialog, as a promise: `if (await confirm({...}))`.
import { createSignal, Show } from "solid-js";
import { Dialog } from "./dialog.tsx";
import "./form.css";

export interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
}

const [pending, setPending] = createSignal<Question & { answer(yes: boolean): void }>();

/** Whether the user says yes. Escape means no, and so does another question. */
export function confirm(question: Question): Promise<boolean> {
  pending()?.answer(false);
  return new Promise((resolve) => {
    setPending({
      ...question,
      answer(yes) {
        setPending(undefined);
        resolve(yes);
      },
    });
  });
}

/** Where the questions appear. The shell has one. */
export function ConfirmDialog() {
  return (
    <Show when={pending()} keyed>
      {(question) => (
        <Dialog title={question.title} onCancel={() => question.answer(false)}>
          <p>{question.text}</p>
          <p class="acts">
            <button type="button" class="main-act" onClick={() => question.answer(true)}>
              {question.yes}
            </button>
            <button type="button" class="quiet" onClick={() => question.answer(false)}>
              {question.no}
            </button>
          </p>
        </Dialog>
      )}
    </Show>
  );
}
