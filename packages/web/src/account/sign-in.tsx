// Signs in. Then the page's guard leads on to where the user was going.
import { SignIn as Input } from "@notejam/core/session/schema";
import { useLocation, useSearchParams } from "@solidjs/router";
import { signIn } from "../data/session.ts";
import { Gate } from "../page/gate.tsx";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { t } from "../words/account.ts";
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
    <Gate title={t("account.signIn")}>
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
          autocomplete="current-password"
        />
        <FormProblem form={form} />
        <p class="acts">
          <SubmitButton form={form} class="main-act">
            {t("account.signIn")}
          </SubmitButton>
        </p>
        <p class="between">
          <a href="/forgot-password">{t("account.forgot")}</a>
          <a href={withNext("/signup", safeNext(query.next))}>{t("account.signUp")}</a>
        </p>
      </form>
    </Gate>
  );
}
