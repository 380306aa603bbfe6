// The dialog of `confirm`.
import type { Asked } from "./confirm.ts";
import { Dialog } from "./dialog.tsx";

export default function ConfirmDialog(props: { question: Asked }) {
  return (
    <Dialog title={props.question.title} onCancel={() => props.question.answer(false)}>
      <p>{props.question.text}</p>
      <p class="acts">
        <button type="button" class="main-act" onClick={() => props.question.answer(true)}>
          {props.question.yes}
        </button>
        <button type="button" class="quiet" onClick={() => props.question.answer(false)}>
          {props.question.no}
        </button>
      </p>
    </Dialog>
  );
}
