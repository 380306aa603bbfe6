// The frame: pads, list and note beside each other, as many as there is room for. Pages for users who are signed out have a
// frame of their own (page/gate.tsx).
import { type RouteSectionProps, useCurrentMatches } from "@solidjs/router";
import { createEffect, ErrorBoundary, Show, Suspense } from "solid-js";
import { signInAgain } from "../data/session.ts";
import { isBeside } from "../page/layout.ts";
import { isSettled, lazily, patiently } from "../page/lazily.ts";
import { SkipButton } from "../page/skip-button.tsx";
import { Overlays } from "../palette/overlays.tsx";
import { places } from "../places/places.ts";
import { Bones } from "../ui/bones.tsx";
import { asked } from "../ui/confirm.ts";
import { Dock } from "../ui/dock.tsx";
import { t } from "../words/index.ts";
import { ErrorPage } from "./error-page.tsx";
import { NetworkLine } from "./network-line.tsx";
import { Sidebar } from "./sidebar.tsx";
import "./shell.css";

const SignInAgainDialog = lazily(() => import("../account/sign-in-again.tsx"));
const ConfirmDialog = lazily(() => import("../ui/confirm-dialog.tsx"));

/** Around every page. */
export function Root(props: RouteSectionProps) {
  return (
    <>
      <SkipButton>{t("app.skip")}</SkipButton>
      <ErrorBoundary fallback={(error, reset) => <ErrorPage error={error} reset={reset} />}>
        <Suspense fallback={<Bones />}>{props.children}</Suspense>
      </ErrorBoundary>
      <Dock />
      <NetworkLine />
      <Suspense>
        <Show when={asked()} keyed>
          {(question) => <ConfirmDialog question={question} />}
        </Show>
      </Suspense>
      <Suspense>
        <Show when={signInAgain()} keyed>
          {(request) => <SignInAgainDialog request={request} />}
        </Show>
      </Suspense>
    </>
  );
}

/** What works beside the pages. */
async function startTheRest(): Promise<void> {
  try {
    await patiently(() => import("../page/lost-focus.ts"));
    const sending = await patiently(() => import("../notes/left/sending.ts"));
    sending.start();
  } catch {
    // A deployment has replaced this code. What was left stays kept for the page that is loaded next.
  }
}

/** Around the pages of a user who is signed in. */
export function App(props: RouteSectionProps) {
  if (!places.all()) void places.load();
  createEffect(() => isSettled() && void startTheRest());
  const matches = useCurrentMatches();
  /** Whether a phone shows the note, not the list. */
  const isSolo = () =>
    matches().some(({ route, path }) => route.info?.solo && !/\/(past|history)$/.test(path));
  return (
    <div class="app" classList={{ solo: isSolo(), beside: isBeside() }}>
      <Sidebar />
      <Overlays />
      {props.children}
    </div>
  );
}
