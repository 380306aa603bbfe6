// Signs in. Then the page's guard leads on to where the user was going.
import { SignIn as Input, WRONG_CREDENTIALS } from "@notejam/core/session/schema";
import { useLocation, useSearchParams } from "@solidjs/router";
import { Gate } from "../app/gate.tsx";
import { signIn } from "../data/session.ts";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { safeNext, withNext } from "./next.ts";

export default function SignIn() {
  const [query] = useSearchParams();
  const location = useLocation<{ email: string }>();
  const form = createForm({
    initial: { email: location.state?.email ?? "", password: "" },
    check: (values) => checkWith(Input, { ...values }),
    submit: signIn,
  });
  return (
    <Gate title="Sign in">
      <form noValidate onSubmit={form.onSubmit}>
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
        <p class="acts">
          <SubmitButton form={form} class="main-act">
            Sign in
          </SubmitButton>
        </p>
        <p class="between">
          <a href="/forgot-password">Forgot password</a>
          <a href={withNext("/signup", safeNext(query.next))}>Make an account</a>
        </p>
      </form>
    </Gate>
  );
}
