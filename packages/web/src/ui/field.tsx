// A field of a form: its label, its input and what is wrong with it, tied together for everyone.
import { createUniqueId, type JSX, Show, splitProps } from "solid-js";
import type { Form, Values } from "./form.ts";
import "./form.css";

interface Common<V extends Values> {
  form: Form<V>;
  name: keyof V & string;
  label: string;
  /** Said below the field, as long as nothing is wrong. */
  hint?: string;
}

/** What ties an input to its label and message. */
function tied<V extends Values>(props: Common<V>) {
  const id = createUniqueId();
  return {
    id,
    messageId: `${id}-message`,
    isWrong: () => props.form.errors[props.name] !== undefined,
    describedBy: () => (props.form.errors[props.name] || props.hint ? `${id}-message` : undefined),
  };
}

function Frame<V extends Values>(props: Common<V> & { tie: ReturnType<typeof tied>; children: JSX.Element }) {
  return (
    <div class="field">
      <label for={props.tie.id}>{props.label}</label>
      {props.children}
      <Show when={props.form.errors[props.name] ?? props.hint}>
        {(message) => (
          <p
            id={props.tie.messageId}
            classList={{ "field-error": props.tie.isWrong(), hint: !props.tie.isWrong() }}
          >
            {message()}
          </p>
        )}
      </Show>
    </div>
  );
}

type Rest<Element> = Omit<Element, "form" | "name" | "id" | "value">;

export function InputField<V extends Values>(
  props: Common<V> & Rest<JSX.InputHTMLAttributes<HTMLInputElement>>,
) {
  const [own, rest] = splitProps(props, ["form", "name", "label", "hint"]);
  const tie = tied(own);
  return (
    <Frame {...own} tie={tie}>
      <input
        {...rest}
        id={tie.id}
        name={own.name}
        value={own.form.values[own.name]}
        onInput={(event) => own.form.type(own.name, event.currentTarget.value)}
        aria-invalid={tie.isWrong()}
        aria-describedby={tie.describedBy()}
      />
    </Frame>
  );
}

/** For password managers: whose password a form is about, where it does not ask. */
export function Username(props: { email: string | undefined }) {
  return (
    <input
      class="visually-hidden"
      type="email"
      autocomplete="username"
      value={props.email}
      readOnly
      tabindex="-1"
      aria-label="Email"
    />
  );
}

export function TextField<V extends Values>(
  props: Common<V> & Rest<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>>,
) {
  const [own, rest] = splitProps(props, ["form", "name", "label", "hint"]);
  const tie = tied(own);
  return (
    <Frame {...own} tie={tie}>
      <textarea
        {...rest}
        id={tie.id}
        name={own.name}
        value={own.form.values[own.name]}
        onInput={(event) => own.form.type(own.name, event.currentTarget.value)}
        aria-invalid={tie.isWrong()}
        aria-describedby={tie.describedBy()}
      />
    </Frame>
  );
}

/** `children` are the options; the one that is chosen says so by `selected`. */
export function SelectField<V extends Values>(props: Common<V> & { children: JSX.Element }) {
  const tie = tied(props);
  return (
    <Frame form={props.form} name={props.name} label={props.label} hint={props.hint} tie={tie}>
      <select
        id={tie.id}
        name={props.name}
        onChange={(event) => props.form.type(props.name, event.currentTarget.value)}
        aria-invalid={tie.isWrong()}
        aria-describedby={tie.describedBy()}
        dir="auto"
      >
        {props.children}
      </select>
    </Frame>
  );
}
