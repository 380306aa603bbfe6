// The dialog that asks to sign in again.
import { SignIn } from "@notejam/core/session/schema";
import { Show } from "solid-js";
import { type SignInAgain, signIn } from "../data/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { InputField, Username } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";

export default function SignInAgainForm(props: { request: SignInAgain }) {
  const form = createForm({
    initial: { password: "" },
    check: ({ password }) => checkWith(SignIn, { email: props.request.user.email, password }),
    submit: signIn,
  });
  return (
    <Dialog title="Sign in again" onCancel={() => props.request.done(false)}>
      <p>
        <Show when={props.request.other} fallback="Your session has ended.">
          {(other) => <>This browser is now signed in as {other().email}.</>}
        </Show>{" "}
        Sign in as <b>{props.request.user.email}</b> to continue. Your text is not lost.
      </p>
      <form noValidate onSubmit={form.onSubmit}>
        <Username email={props.request.user.email} />
        <InputField
          form={form}
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          autofocus
        />
        <FormProblem form={form} />
        <p class="acts">
          <button type="button" onClick={() => props.request.done(false)}>
            Not now
          </button>
          <SubmitButton form={form}>Sign in</SubmitButton>
        </p>
      </form>
    </Dialog>
  );
}
