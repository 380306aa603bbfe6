// Creates an account, and leads on to sign-in.
import { SignUp as Input } from "@notejam/core/account/schema";
import { useAction, useNavigate, useSearchParams } from "@solidjs/router";
import { Gate } from "../page/gate.tsx";
import { say } from "../ui/dock.tsx";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { t } from "../words/account.ts";
import { signUp } from "./actions.ts";
import { safeNext, withNext } from "./next.ts";

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
      say(t("account.created"));
      navigate(signInPage(), { state: { email: input.email } });
    },
  });
  return (
    <Gate title={t("account.signUp")}>
      <form noValidate onSubmit={form.onSubmit}>
        <InputField
          form={form}
          name="email"
          label={t("field.email")}
          type="email"
          autocomplete="username"
          dir="auto"
        />
        <InputField
          form={form}
          name="password"
          label={t("field.password")}
          type="password"
          autocomplete="new-password"
        />
        <InputField
          form={form}
          name="repetition"
          label={t("account.repeatPassword")}
          type="password"
          autocomplete="new-password"
        />
        <FormProblem form={form} />
        <p class="acts">
          <SubmitButton form={form} class="main-act">
            {t("account.signUp")}
          </SubmitButton>
        </p>
        <p class="between">
          <a href={signInPage()}>{t("account.signInInstead")}</a>
        </p>
      </form>
    </Gate>
  );
}
