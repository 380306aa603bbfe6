// The fields for a new password, which is typed twice, since a typo would lock the user out.
import { InputField } from "../ui/field.tsx";
import type { FormState, Values } from "../ui/form-state.ts";

export function NewPassword<V extends Values & { repetition: string }>(props: {
  form: FormState<V>;
  name: keyof V & string;
  label: string;
  /** The label of the second field. */
  again: string;
}) {
  const kind = { type: "password", autocomplete: "new-password" } as const;
  return (
    <>
      <InputField form={props.form} name={props.name} label={props.label} {...kind} />
      <InputField form={props.form} name="repetition" label={props.again} {...kind} />
    </>
  );
}
