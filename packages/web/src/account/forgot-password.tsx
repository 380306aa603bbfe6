// Requests a link to set a new password. The answer is the same for every address.
import { RequestReset } from "@notejam/core/password-reset/schema";
import { useAction } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { Gate } from "../page/gate.tsx";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { t } from "../words/account.ts";
import { requestReset } from "./actions.ts";

export default function ForgotPassword() {
  const send = useAction(requestReset);
  const [isSent, setSent] = createSignal(false);
  const form = createForm({
    initial: { email: "" },
    check: (values) => checkWith(RequestReset, { email: values.email }),
    async submit(input) {
      setSent(false);
      await send(input);
      setSent(true);
    },
  });
  return (
    <Gate title={t("account.forgot")}>
      <form noValidate onSubmit={form.onSubmit}>
        <div role="status">
          <Show when={isSent()}>
            <p>{t("account.sent")}</p>
          </Show>
        </div>
        <InputField
          form={form}
          name="email"
          label={t("field.email")}
          type="email"
          autocomplete="username"
          dir="auto"
        />
        <FormProblem form={form} />
        <p class="acts">
          <SubmitButton form={form} class="main-act">
            {t("account.sendLink")}
          </SubmitButton>
        </p>
        <p class="between">
          <a href="/signin">{t("account.signIn")}</a>
        </p>
      </form>
    </Gate>
  );
}
