// Creates an account, and leads on to sign-in.
import { SignUp as Input } from "@notejam/core/account/schema";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { say } from "../ui/dock.tsx";
import { EmailField } from "../ui/field.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form-state.ts";
import { t } from "../words/account.ts";
import { signUp } from "./account.ts";
import { GateForm } from "./gate-form.tsx";
import { NewPassword } from "./new-password.tsx";
import { safeNext, withNext } from "./next.ts";

export default function SignUp() {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const signInPage = () => withNext("/signin", safeNext(query.next));
  const form = createForm({
    initial: { email: "", password: "", repetition: "" },
    check: ({ email, password, repetition }) =>
      checkWith(Input, { email, password }, { repetition: passwordMismatch(password, repetition) }),
    async submit(input) {
      await signUp(input);
      say(t("account.created"));
      navigate(signInPage(), { state: { email: input.email } });
    },
  });
  return (
    <GateForm
      title={t("account.signUp")}
      form={form}
      act={t("account.signUp")}
      links={<a href={signInPage()}>{t("account.signInInstead")}</a>}
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
