// The session is gone while the reader is at work: the page stays as it is, and goes on once they have signed in again.
import { SignIn } from "@notejam/core/session/schema";
import { Show } from "solid-js";
import { type SignInAgain, signIn, signInAgain } from "../data/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { InputField, Username } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";

export function SignInAgainDialog() {
  return (
    <Show when={signInAgain()} keyed>
      {(asked) => <Ask asked={asked} />}
    </Show>
  );
}

function Ask(props: { asked: SignInAgain }) {
  const form = createForm({
    initial: { password: "" },
    check: ({ password }) => checkWith(SignIn, { email: props.asked.who.email, password }),
    submit: signIn,
  });
  return (
    <Dialog title="Sign in again" onCancel={() => props.asked.done(false)}>
      <p>
        <Show when={props.asked.other} fallback="Your session has ended.">
          {(other) => <>This browser is now signed in as {other().email}.</>}
        </Show>{" "}
        Sign in as <b>{props.asked.who.email}</b> to go on. Nothing that you typed is lost.
      </p>
      <form noValidate onSubmit={form.onSubmit}>
        <Username email={props.asked.who.email} />
        <InputField
          form={form}
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          autofocus
        />
        <FormProblem form={form} />
        <p class="actions">
          <button type="button" onClick={() => props.asked.done(false)}>
            Not now
          </button>
          <SubmitButton form={form}>Sign in</SubmitButton>
        </p>
      </form>
    </Dialog>
  );
}
