// Signs in. Then the page's guard leads on to where the user was going.
import { SignIn as Input } from "@notejam/core/session/schema";
import { useSearchParams } from "@solidjs/router";
import { signIn } from "../data/session.ts";
import { EmailField, PasswordField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form-state.ts";
import { t } from "../words/account.ts";
import { GateForm } from "./gate-form.tsx";
import { safeNext, withNext } from "./next.ts";

export default function SignIn() {
  const [query] = useSearchParams();
  const form = createForm({
    initial: { email: "", password: "" },
    check: (values) => checkWith(Input, { ...values }),
    submit: signIn,
  });
  return (
    <GateForm
      title={t("account.signIn")}
      form={form}
      act={t("account.signIn")}
      links={
        <>
          <a href="/forgot-password">{t("account.forgot")}</a>
          <a href={withNext("/signup", safeNext(query.next))}>{t("account.signUp")}</a>
        </>
      }
    >
      <EmailField form={form} />
      <PasswordField form={form} name="password" label={t("field.password")} />
    </GateForm>
  );
}
