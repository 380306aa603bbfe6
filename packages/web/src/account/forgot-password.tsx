// Requests a link to set a new password. The answer is the same for every address.
import { RequestReset } from "@notejam/core/password-reset/schema";
import { createSignal, Show } from "solid-js";
import { EmailField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form-state.ts";
import { t } from "../words/account.ts";
import { requestReset } from "./account.ts";
import { GateForm } from "./gate-form.tsx";

export default function ForgotPassword() {
  const [isSent, setSent] = createSignal(false);
  const form = createForm({
    initial: { email: "" },
    check: (values) => checkWith(RequestReset, { email: values.email }),
    async submit(input) {
      setSent(false);
      await requestReset(input);
      setSent(true);
    },
  });
  return (
    <GateForm
      title={t("account.forgot")}
      form={form}
      act={t("account.sendLink")}
      links={<a href="/signin">{t("account.signIn")}</a>}
    >
      <div role="status">
        <Show when={isSent()}>
          <p>{t("account.sent")}</p>
        </Show>
      </div>
      <EmailField form={form} />
    </GateForm>
  );
}
