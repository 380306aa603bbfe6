// Sets a new password with an emailed link. Its token is in the fragment, which no server sees. The page removes it from
// the address, so that it is not in the history.
import { RedeemReset } from "@notejam/core/password-reset/schema";
import { useNavigate } from "@solidjs/router";
import { onMount } from "solid-js";
import { leave, user } from "../data/session.ts";
import { say } from "../ui/dock.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form-state.ts";
import { t } from "../words/account.ts";
import { redeemReset } from "./account.ts";
import { GateForm } from "./gate-form.tsx";
import { NewPassword } from "./new-password.tsx";

export default function ResetPassword() {
  const navigate = useNavigate();
  const token = window.location.hash.slice(1);
  onMount(() => navigate("/reset-password", { replace: true, scroll: false }));

  const form = createForm({
    initial: { password: "", repetition: "" },
    check: ({ password, repetition }) =>
      checkWith(RedeemReset, { token, password }, { repetition: passwordMismatch(password, repetition) }),
    async submit(input) {
      await redeemReset(input);
      // Every session of the account has ended, including this browser's.
      if (user.latest) leave();
      say(t("account.passwordChanged"));
      navigate("/signin", { replace: true });
    },
  });
  return (
    <GateForm
      title={t("field.newPassword")}
      form={form}
      act={t("account.changePassword")}
      links={<a href="/forgot-password">{t("account.anotherLink")}</a>}
    >
      <NewPassword
        form={form}
        name="password"
        label={t("field.newPassword")}
        again={t("account.repeatNewPassword")}
      />
    </GateForm>
  );
}
