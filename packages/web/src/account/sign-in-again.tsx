// The dialog that asks to sign in again.
import { SignIn } from "@notejam/core/session/schema";
import { Show } from "solid-js";
import { type SignInAgain, signIn } from "../data/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { PasswordField, Username } from "../ui/field.tsx";
import { Form, SubmitButton } from "../ui/form.tsx";
import { checkWith, createForm } from "../ui/form-state.ts";
import { t } from "../words/account.ts";
import { withElements } from "../words/index.ts";

export default function SignInAgainDialog(props: { request: SignInAgain }) {
  const form = createForm({
    initial: { password: "" },
    check: ({ password }) => checkWith(SignIn, { email: props.request.user.email, password }),
    submit: signIn,
  });
  return (
    <Dialog title={t("again.title")} onCancel={() => props.request.done(false)}>
      <p>
        <Show when={props.request.other} fallback={t("again.ended")}>
          {(other) => t("again.other", { email: other().email })}
        </Show>{" "}
        {withElements(t("again.toContinue"), { email: <b>{props.request.user.email}</b> })}
      </p>
      <Form
        form={form}
        acts={
          <>
            <button type="button" onClick={() => props.request.done(false)}>
              {t("again.notNow")}
            </button>
            <SubmitButton form={form}>{t("account.signIn")}</SubmitButton>
          </>
        }
      >
        <Username email={props.request.user.email} />
        <PasswordField form={form} name="password" label={t("field.password")} autofocus />
      </Form>
    </Dialog>
  );
}
