// What stands around every page: the way past it, who is signed in, the title, what was just done, and the choice of
// light or dark.
import { type RouteSectionProps, useCurrentMatches, useIsRouting, useLocation } from "@solidjs/router";
import { createEffect, ErrorBoundary, For, on, Show, Suspense } from "solid-js";
import { SignInAgainDialog } from "../account/sign-in-again.tsx";
import { SignOutButton } from "../account/sign-out-button.tsx";
import { user } from "../data/session.ts";
import { PadsNav } from "../pads/pads-nav.tsx";
import { Questions } from "../ui/confirm.tsx";
import { arrivedAt, flash } from "../ui/flash.ts";
import { Loading } from "../ui/loading.tsx";
import { Failed } from "./error-page.tsx";
import { NetworkLine } from "./network-line.tsx";
import { Masthead } from "./page.tsx";
import { CONTENT_ID, SkipButton } from "./skip-button.tsx";
import { chooseTheme, THEMES, theme } from "./theme.ts";
import "../ui/flash.css";
import "./shell.css";

export function Shell(props: RouteSectionProps) {
  const location = useLocation();
  const isRouting = useIsRouting();
  const matches = useCurrentMatches();
  const hasPads = () => matches().some((match) => match.route.info?.pads);
  createEffect(on(() => location.pathname, arrivedAt));

  return (
    <>
      <SkipButton>Skip to the content</SkipButton>
      <div class="progress" classList={{ busy: isRouting() }} />
      <div class="sheet">
        <header>
          <Account />
          <Masthead />
        </header>
        <div class="columns">
          <Show when={hasPads() && reader()}>
            <PadsNav />
          </Show>
          <main id={CONTENT_ID} tabindex="-1" aria-busy={isRouting()}>
            <Flash />
            <ErrorBoundary fallback={(error, reset) => <Failed error={error} reset={reset} />}>
              <Suspense fallback={<Loading />}>{props.children}</Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <footer>
          <fieldset class="themes">
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
      <Questions />
      <SignInAgainDialog />
    </>
  );
}

/** Who is signed in, where that is known; finding out can fail without the frame falling apart. */
function reader() {
  return user.error ? undefined : user.latest;
}

function Account() {
  return (
    <nav class="account" aria-label="Account">
      <Show
        when={reader()}
        fallback={
          <Show when={reader() === null}>
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

/** What was just done. The region is there before its words, or a screen reader would not hear them. */
function Flash() {
  return (
    <div class="flash" role="status">
      <Show when={flash()}>{(message) => <p>{message().text}</p>}</Show>
    </div>
  );
}
