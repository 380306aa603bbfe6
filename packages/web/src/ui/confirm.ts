// A question in a dialog, as a promise: `if (await confirm({...}))`.
import { createSignal } from "solid-js";

export interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
}

/** A question that waits for its answer. */
export interface Asked extends Question {
  answer(yes: boolean): void;
}

const [asked, setAsked] = createSignal<Asked>();

export { asked };

/** Whether the user says yes. Escape means no, and so does another question. */
export function confirm(question: Question): Promise<boolean> {
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
