// A field of a form: its label, its input and its message, connected for screen readers.
import { createUniqueId, type JSX, Show, splitProps } from "solid-js";
import { t } from "../words/form.ts";
import type { FormState, Values } from "./form-state.ts";
import "./form.css";

interface FieldProps<V extends Values> {
  form: FormState<V>;
  name: keyof V & string;
  label: string;
}

type InputProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "form" | "name" | "id" | "value">;

export function InputField<V extends Values>(props: FieldProps<V> & InputProps) {
  const [own, rest] = splitProps(props, ["form", "name", "label"]);
  const id = createUniqueId();
  const messageId = `${id}-message`;
  const error = () => own.form.errors[own.name];
  return (
    <div class="field">
      <label for={id}>{own.label}</label>
      <input
        {...rest}
        id={id}
        name={own.name}
        value={own.form.values[own.name]}
        onInput={(event) => own.form.type(own.name, event.currentTarget.value)}
        aria-invalid={error() !== undefined}
        aria-describedby={error() ? messageId : undefined}
      />
      <Show when={error()}>
        {(message) => (
          <p id={messageId} class="field-error">
            {message()}
          </p>
        )}
      </Show>
    </div>
  );
}

export function EmailField<V extends Values & { email: string }>(props: { form: FormState<V> }) {
  return (
    <InputField
      form={props.form}
      name="email"
      label={t("field.email")}
      type="email"
      autocomplete="username"
      dir="auto"
    />
  );
}

/** The user's password, as it is. */
export function PasswordField<V extends Values>(props: FieldProps<V> & { autofocus?: boolean }) {
  return <InputField {...props} type="password" autocomplete="current-password" />;
}

/** Tells password managers whose password a form is about, if the form does not ask for the email. */
export function Username(props: { email: string | undefined }) {
  return (
    <input
      class="hush"
      type="email"
      autocomplete="username"
      value={props.email}
      readOnly
      tabindex="-1"
      aria-label={t("field.email")}
    />
  );
}
