// A field of a form: its label, its input and its message, connected for screen readers.
import { createUniqueId, type JSX, Show, splitProps } from "solid-js";
import { t } from "../words/form.ts";
import type { Form, Values } from "./form.ts";
import "./form.css";

interface FieldProps<V extends Values> {
  form: Form<V>;
  name: keyof V & string;
  label: string;
  /** Shown below the field as long as nothing is wrong. */
  hint?: string;
}

/** The attributes that connect an input to its label and message. */
function connect<V extends Values>(props: FieldProps<V>) {
  const id = createUniqueId();
  return {
    id,
    messageId: `${id}-message`,
    isInvalid: () => props.form.errors[props.name] !== undefined,
    describedBy: () => (props.form.errors[props.name] || props.hint ? `${id}-message` : undefined),
  };
}

function Frame<V extends Values>(
  props: FieldProps<V> & { ids: ReturnType<typeof connect>; children: JSX.Element },
) {
  return (
    <div class="field">
      <label for={props.ids.id}>{props.label}</label>
      {props.children}
      <Show when={props.form.errors[props.name] ?? props.hint}>
        {(message) => (
          <p
            id={props.ids.messageId}
            classList={{ "field-error": props.ids.isInvalid(), hint: !props.ids.isInvalid() }}
          >
            {message()}
          </p>
        )}
      </Show>
    </div>
  );
}

/** The attributes of an input that shows and changes the form's value. Getters keep them reactive. */
function boundTo<V extends Values>(props: FieldProps<V>, ids: ReturnType<typeof connect>) {
  return {
    id: ids.id,
    name: props.name,
    get value() {
      return props.form.values[props.name];
    },
    onInput: (event: { currentTarget: { value: string } }) =>
      props.form.type(props.name, event.currentTarget.value),
    get "aria-invalid"() {
      return ids.isInvalid();
    },
    get "aria-describedby"() {
      return ids.describedBy();
    },
  };
}

type InputProps<Element> = Omit<Element, "form" | "name" | "id" | "value">;

export function InputField<V extends Values>(
  props: FieldProps<V> & InputProps<JSX.InputHTMLAttributes<HTMLInputElement>>,
) {
  const [own, rest] = splitProps(props, ["form", "name", "label", "hint"]);
  const ids = connect(own);
  return (
    <Frame {...own} ids={ids}>
      <input {...rest} {...boundTo(own, ids)} />
    </Frame>
  );
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
