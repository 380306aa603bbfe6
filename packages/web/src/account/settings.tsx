// The account's settings: its password and its sessions.
import { ChangePassword } from "@notejam/core/account/schema";
import type { Session } from "@notejam/core/session/schema";
import { createAsync, useAction, useNavigate } from "@solidjs/router";
import { For, Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { user } from "../data/session.ts";
import { InputField, Username } from "../ui/field.tsx";
import { flash } from "../ui/flash.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { changePassword, endSession } from "./actions.ts";
import { getSessions } from "./queries.ts";
import "./account.css";
import "./settings.css";

export default function Settings() {
  return (
    <Page title="Account settings">
      <div class="account-form">
        <PasswordForm />
        <Sessions />
      </div>
    </Page>
  );
}

function PasswordForm() {
  const navigate = useNavigate();
  const send = useAction(changePassword);
  const form = createForm({
    initial: { currentPassword: "", newPassword: "", repetition: "" },
    check: ({ currentPassword, newPassword, repetition }) =>
      checkWith(
        ChangePassword,
        { currentPassword, newPassword },
        { repetition: passwordMismatch(newPassword, repetition) },
      ),
    async submit(input) {
      await send(input);
      flash("Password is successfully changed", "/");
      navigate("/");
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <Username email={user()?.email} />
      <InputField
        form={form}
        name="currentPassword"
        label="Current password"
        type="password"
        autocomplete="current-password"
      />
      <InputField
        form={form}
        name="newPassword"
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
    </form>
  );
}

function Sessions() {
  const sessions = createAsync(() => getSessions());
  return (
    <section class="sessions">
      <h2>Signed in</h2>
      <ul>
        <For each={sessions()}>{(session) => <SessionItem session={session} />}</For>
      </ul>
    </section>
  );
}

function SessionItem(props: { session: Session }) {
  const send = useAction(endSession);
  const form = createForm({
    initial: {},
    check: () => props.session.id,
    submit: async (id) => void (await send(id)),
  });
  return (
    <li>
      <form noValidate onSubmit={form.onSubmit}>
        <p>
          {props.session.device} <RelativeTime time={props.session.createdAt} />
        </p>
        <Show when={!props.session.current} fallback={<p class="hint">this browser</p>}>
          <SubmitButton form={form} class="link danger">
            End
          </SubmitButton>
        </Show>
        <FormProblem form={form} />
      </form>
    </li>
  );
}
