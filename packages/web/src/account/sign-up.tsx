// Makes an account, and signs in. Then the page's guard leads on to where the user was going.
import { SignUp as Input } from "@notejam/core/account/schema";
import { useSearchParams } from "@solidjs/router";
import { EmailField } from "../ui/field.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form-state.ts";
import { t } from "../words/account.ts";
import { signUp } from "./account.ts";
import { GateForm } from "./gate-form.tsx";
import { NewPassword } from "./new-password.tsx";
import { safeNext, withNext } from "./next.ts";

export default function SignUp() {
  const [query] = useSearchParams();
  const form = createForm({
    initial: { email: "", password: "", repetition: "" },
    check: ({ email, password, repetition }) =>
      checkWith(Input, { email, password }, { repetition: passwordMismatch(password, repetition) }),
    submit: signUp,
  });
  return (
    <GateForm
      title={t("account.signUp")}
      form={form}
      act={t("account.signUp")}
      links={<a href={withNext("/signin", safeNext(query.next))}>{t("account.signInInstead")}</a>}
    >
      <EmailField form={form} />
      <NewPassword
        form={form}
        name="password"
        label={t("field.password")}
        again={t("account.repeatPassword")}
      />
    </GateForm>
  );
}
