// Sets a new password with the link that was mailed. Its token is in the fragment, which no server sees; here it is
// read once and taken out of the address, so that it stays in no history.
import { RedeemReset } from "@notejam/core/password-reset/schema";
import { useAction, useNavigate } from "@solidjs/router";
import { onMount } from "solid-js";
import { Page } from "../app/page.tsx";
import { leave, user } from "../data/session.ts";
import { InputField } from "../ui/field.tsx";
import { say } from "../ui/flash.ts";
import { checkWith, createForm, differs } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { redeemReset } from "./actions.ts";
import "./account.css";

export default function ResetPassword() {
  const navigate = useNavigate();
  const send = useAction(redeemReset);
  const token = window.location.hash.slice(1);
  onMount(() => navigate("/reset-password", { replace: true, scroll: false }));

  const form = createForm({
    initial: { password: "", repetition: "" },
    check: ({ password, repetition }) =>
      checkWith(RedeemReset, { token, password }, { repetition: differs(password, repetition) }),
    async submit(input) {
      await send(input);
      // Every session of the account has ended, this browser's among them.
      if (user.latest) leave();
      say("Password is successfully changed", "/signin");
      navigate("/signin", { replace: true });
    },
  });
  return (
    <Page title="New password">
      <form class="account-form" noValidate onSubmit={form.onSubmit}>
        <InputField
          form={form}
          name="password"
          label="New password"
          type="password"
          autocomplete="new-password"
        />
        <InputField
          form={form}
          name="repetition"
          label="Repeat new password"
          type="password"
          autocomplete="new-password"
        />
        <FormProblem form={form} />
        <p class="actions">
          <SubmitButton form={form}>Change password</SubmitButton>
        </p>
        <p class="below">
          <a href="/forgot-password">Ask for another link</a>
        </p>
      </form>
    </Page>
  );
}
