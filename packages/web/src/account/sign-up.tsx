// Creates an account, and leads on to sign-in.
import { SignUp as Input } from "@notejam/core/account/schema";
import { useAction, useNavigate, useSearchParams } from "@solidjs/router";
import { Page } from "../app/page.tsx";
import { InputField } from "../ui/field.tsx";
import { flash } from "../ui/flash.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { signUp } from "./actions.ts";
import { safeNext, withNext } from "./next.ts";
import "./account.css";

export default function SignUp() {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const send = useAction(signUp);
  const signInPage = () => withNext("/signin", safeNext(query.next));
  const form = createForm({
    initial: { email: "", password: "", repetition: "" },
    check: ({ email, password, repetition }) =>
      checkWith(Input, { email, password }, { repetition: passwordMismatch(password, repetition) }),
    async submit(input) {
      await send(input);
      flash("Account is created. Now you can sign in.", "/signin");
      navigate(signInPage(), { state: { email: input.email } });
    },
  });
  return (
    <Page title="Sign up">
      <form class="account-form" noValidate onSubmit={form.onSubmit}>
        <InputField form={form} name="email" label="Email" type="email" autocomplete="username" dir="auto" />
        <InputField
          form={form}
          name="password"
          label="Password"
          type="password"
          autocomplete="new-password"
        />
        <InputField
          form={form}
          name="repetition"
          label="Repeat password"
          type="password"
          autocomplete="new-password"
        />
        <FormProblem form={form} />
        <p class="actions">
          <SubmitButton form={form}>Sign up</SubmitButton>
          <span>
            or <a href={signInPage()}>Sign in</a>
          </span>
        </p>
      </form>
    </Page>
  );
}
