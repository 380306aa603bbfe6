// The form for the name of a pad.
import { CancelButton } from "../ui/cancel-button.tsx";
import { InputField } from "../ui/field.tsx";
import { Form, SubmitButton } from "../ui/form.tsx";
import type { FormState } from "../ui/form-state.ts";
import { t } from "../words/note.ts";

export function PadForm(props: {
  form: FormState<{ name: string }>;
  onKeyDown?: (event: KeyboardEvent) => void;
  /** The words of the button. */
  act: string;
  close: () => void;
}) {
  return (
    <Form
      form={props.form}
      onKeyDown={props.onKeyDown}
      acts={
        <>
          <SubmitButton form={props.form}>{props.act}</SubmitButton>
          <CancelButton act={props.close} />
        </>
      }
    >
      <InputField
        form={props.form}
        name="name"
        label={t("padForm.name")}
        autocomplete="off"
        dir="auto"
        autofocus
        ref={(input: HTMLInputElement) => queueMicrotask(() => input.focus())}
      />
    </Form>
  );
}
