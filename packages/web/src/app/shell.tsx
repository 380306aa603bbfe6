// The frame of every page: who is signed in, the title, the pads, messages, dialogs, and the choice of light or dark.
import { type RouteSectionProps, useCurrentMatches, useIsRouting, useLocation } from "@solidjs/router";
import { createEffect, ErrorBoundary, For, on, Show, Suspense } from "solid-js";
import { SignInAgainDialog } from "../account/sign-in-again.tsx";
import { SignOutButton } from "../account/sign-out-button.tsx";
import { user } from "../data/session.ts";
import { PadsNav } from "../pads/pads-nav.tsx";
import { ConfirmDialog } from "../ui/confirm.tsx";
import { expireFlash, Flash } from "../ui/flash.tsx";
import { Loading } from "../ui/loading.tsx";
import { ErrorPage } from "./error-page.tsx";
import { NetworkLine } from "./network-line.tsx";
import { Masthead } from "./page.tsx";
import { CONTENT_ID, SkipButton } from "./skip-button.tsx";
import { chooseTheme, THEMES, theme } from "./theme.ts";
import "./shell.css";

export function Shell(props: RouteSectionProps) {
  const location = useLocation();
  const isRouting = useIsRouting();
  const matches = useCurrentMatches();
  const hasPads = () => matches().some((match) => match.route.info?.pads);
  createEffect(on(() => location.pathname, expireFlash));

  return (
    <>
      <SkipButton>Skip to content</SkipButton>
      <div class="progress-bar" classList={{ busy: isRouting() }} />
      <div class="layout">
        <header>
          <AccountNav />
          <Masthead />
        </header>
        <div class="columns">
          <Show when={hasPads() && knownUser()}>
            <PadsNav />
          </Show>
          <main id={CONTENT_ID} tabindex="-1" aria-busy={isRouting()}>
            <Flash />
            <ErrorBoundary fallback={(error, reset) => <ErrorPage error={error} reset={reset} />}>
              <Suspense fallback={<Loading />}>{props.children}</Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <footer>
          <fieldset class="theme-switch">
            <legend class="visually-hidden">Appearance</legend>
            <For each={THEMES}>
              {(name) => (
                <button type="button" aria-pressed={theme() === name} onClick={() => chooseTheme(name)}>
                  {name}
                </button>
              )}
            </For>
          </fieldset>
        </footer>
      </div>
      <NetworkLine />
      <ConfirmDialog />
      <SignInAgainDialog />
    </>
  );
}

/** Who is signed in, if that is known. The frame stays up even if finding out fails. */
function knownUser() {
  return user.error ? undefined : user.latest;
}

function AccountNav() {
  return (
    <nav class="account-nav" aria-label="Account">
      <Show
        when={knownUser()}
        fallback={
          <Show when={knownUser() === null}>
            <a href="/signup">Sign up</a> <a href="/signin">Sign in</a>
          </Show>
        }
      >
        {(user) => (
          <>
            <span class="email" dir="auto">
              {user().email}:
            </span>{" "}
            <a href="/settings">Account settings</a> <SignOutButton class="link" />
          </>
        )}
      </Show>
    </nav>
  );
}
