// Signs in. Then the page's guard leads on to where the user was going.
import { SignIn as Input, WRONG_CREDENTIALS } from "@notejam/core/session/schema";
import { useLocation, useSearchParams } from "@solidjs/router";
import { Page } from "../app/page.tsx";
import { signIn } from "../data/session.ts";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { safeNext, withNext } from "./next.ts";
import "./account.css";

export default function SignIn() {
  const [query] = useSearchParams();
  const location = useLocation<{ email: string }>();
  const form = createForm({
    initial: { email: location.state?.email ?? "", password: "" },
    check: (values) => checkWith(Input, { ...values }),
    submit: signIn,
  });
  return (
    <Page title="Sign in">
      <form class="account-form" noValidate onSubmit={form.onSubmit}>
        <InputField form={form} name="email" label="Email" type="email" autocomplete="username" dir="auto" />
        <InputField
          form={form}
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
        />
        <FormProblem
          form={form}
          message={(problem) => (problem.code === "wrong_credentials" ? WRONG_CREDENTIALS : undefined)}
        />
        <p class="actions">
          <SubmitButton form={form}>Sign in</SubmitButton>
          <span>
            or <a href={withNext("/signup", safeNext(query.next))}>Sign up</a>
          </span>
        </p>
        <p class="form-footer">
          <a href="/forgot-password">Forgot password?</a>
        </p>
      </form>
    </Page>
  );
}
