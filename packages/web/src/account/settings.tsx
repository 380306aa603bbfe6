// The account's settings: how it looks, its password and its sessions.
import { ChangePassword } from "@notejam/core/account/schema";
import type { Session } from "@notejam/core/session/schema";
import { createAsync, useNavigate } from "@solidjs/router";
import { createUniqueId, ErrorBoundary, For, type JSX, Show, Suspense } from "solid-js";
import { asProblem, explain } from "../data/problem.ts";
import { user } from "../data/session.ts";
import { FullPage } from "../page/full-page.tsx";
import { chooseSingleKeys, hasSingleKeys } from "../page/keys.ts";
import { say } from "../ui/dock.tsx";
import { PasswordField, Username } from "../ui/field.tsx";
import { Form, FormProblem, SubmitButton } from "../ui/form.tsx";
import { checkWith, createForm, passwordMismatch } from "../ui/form-state.ts";
import { Time } from "../ui/time.tsx";
import { t } from "../words/account.ts";
import { withElements } from "../words/index.ts";
import { changePassword, endSession, getSessions } from "./account.ts";
import { NewPassword } from "./new-password.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import { chooseTheme, THEMES, theme } from "./theme.ts";
import "../ui/choice.css";
import "./settings.css";

export default function Settings() {
  return (
    <FullPage title={t("app.settings")}>
      <Section title={t("settings.appearance")}>
        <Themes />
      </Section>
      <Section title={t("settings.keyboard")}>
        <label class="check">
          <input
            type="checkbox"
            checked={hasSingleKeys()}
            onChange={(event) => chooseSingleKeys(event.currentTarget.checked)}
          />
          {t("settings.singleKeys")}
        </label>
      </Section>
      <Section title={t("settings.password")}>
        <div class="password">
          <PasswordForm />
        </div>
      </Section>
      <Section title={t("settings.sessions")}>
        <ErrorBoundary fallback={(error, reset) => <NotLoaded error={error} again={reset} />}>
          <Suspense fallback={<p class="hint">{t("app.loading")}</p>}>
            <Sessions />
          </Suspense>
        </ErrorBoundary>
      </Section>
      <Section title={t("settings.account")}>
        <p>
          <bdi>{user()?.email}</bdi>
        </p>
      </Section>
    </FullPage>
  );
}

function Section(props: { title: string; children: JSX.Element }) {
  const id = createUniqueId();
  return (
    <section class="set" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      <div>{props.children}</div>
    </section>
  );
}

function Themes() {
  return (
    <fieldset class="choice">
      <legend class="hush">{t("theme.label")}</legend>
      <For each={THEMES}>
        {(name) => (
          <button type="button" aria-pressed={theme() === name} onClick={() => chooseTheme(name)}>
            {t(`theme.${name}`)}
          </button>
        )}
      </For>
    </fieldset>
  );
}

function PasswordForm() {
  const navigate = useNavigate();
  const form = createForm({
    initial: { currentPassword: "", newPassword: "", repetition: "" },
    check: ({ currentPassword, newPassword, repetition }) =>
      checkWith(
        ChangePassword,
        { currentPassword, newPassword },
        { repetition: passwordMismatch(newPassword, repetition) },
      ),
    async submit(input) {
      await changePassword(input);
      navigate("/");
      say(t("account.passwordChanged"));
    },
  });
  return (
    <Form form={form} acts={<SubmitButton form={form}>{t("account.changePassword")}</SubmitButton>}>
      <Username email={user()?.email} />
      <PasswordField form={form} name="currentPassword" label={t("field.currentPassword")} />
      <NewPassword
        form={form}
        name="newPassword"
        label={t("field.newPassword")}
        again={t("account.repeatNewPassword")}
      />
    </Form>
  );
}

function Sessions() {
  const sessions = createAsync(() => getSessions());
  return (
    <ul class="rows">
      <For each={sessions()}>{(session) => <SessionItem session={session} />}</For>
    </ul>
  );
}

function NotLoaded(props: { error: unknown; again: () => void }) {
  return (
    <div role="alert">
      <p>{explain(asProblem(props.error))}</p>
      <button type="button" onClick={() => props.again()}>
        {t("app.tryAgain")}
      </button>
    </div>
  );
}

function SessionItem(props: { session: Session }) {
  const deviceId = createUniqueId();
  const form = createForm({
    initial: {},
    check: () => props.session.id,
    submit: endSession,
  });
  return (
    <li>
      <form noValidate onSubmit={form.onSubmit}>
        <div>
          <b id={deviceId}>{props.session.current ? t("settings.thisBrowser") : props.session.device}</b>
          <p>
            {withElements(t(props.session.current ? "settings.deviceSince" : "settings.since"), {
              device: <bdi>{props.session.device}</bdi>,
              time: <Time time={props.session.createdAt} />,
            })}
          </p>
        </div>
        <Show when={!props.session.current} fallback={<SignOutButton class="quiet" />}>
          <SubmitButton form={form} class="quiet" describedBy={deviceId}>
            {t("settings.end")}
          </SubmitButton>
        </Show>
        <FormProblem form={form} />
      </form>
    </li>
  );
}
