// The form for a pad's name.
import { RenamePad } from "@notejam/core/pad/schema";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";

export function PadForm(props: {
  name: string;
  submit: string;
  cancel: string;
  onSave: (input: RenamePad) => Promise<void>;
}) {
  const form = createForm({
    initial: { name: props.name },
    check: (values) => checkWith(RenamePad, { name: values.name }),
    submit: (input) => props.onSave(input),
  });
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <InputField form={form} name="name" label="Name" autocomplete="off" dir="auto" />
      <FormProblem form={form} />
      <p class="actions">
        <SubmitButton form={form}>{props.submit}</SubmitButton>
        <a href={props.cancel}>Cancel</a>
      </p>
    </form>
  );
}
