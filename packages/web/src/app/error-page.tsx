// What is shown instead of a page: it doesn't exist, or loading it failed. Failed reads can be tried again, and are
// tried again when the network comes back.
import { Problem } from "@notejam/client/problem";
import { revalidate } from "@solidjs/router";
import { createMemo, onCleanup, onMount, Show } from "solid-js";
import { explain, mayRepeat } from "../data/problem.ts";
import { refetchUser, user } from "../data/session.ts";
import { Alert } from "../ui/alert.tsx";
import { Page } from "./page.tsx";

export function ErrorPage(props: { error: unknown; reset: () => void }) {
  const problem = createMemo(() => (props.error instanceof Problem ? props.error : undefined));
  return (
    <Show when={problem()?.code !== "not_found"} fallback={<NotFound />}>
      <Show when={problem()} fallback={<Crashed error={props.error} />}>
        {(problem) => (
          <Page title="Something went wrong">
            <LoadFailed problem={problem()} reset={props.reset} />
          </Page>
        )}
      </Show>
    </Show>
  );
}

/** A failed read, with a button to try again. For a page or a part of one. */
export function LoadFailed(props: { problem: Problem; reset: () => void }) {
  function retry(): void {
    void revalidate();
    if (user.error) void refetchUser();
    props.reset();
  }
  onMount(() => window.addEventListener("online", retry));
  onCleanup(() => window.removeEventListener("online", retry));
  return (
    <Alert role="alert">
      <p>{explain(props.problem)}</p>
      <Show when={mayRepeat(props.problem)}>
        <button type="button" onClick={retry}>
          Try again
        </button>
      </Show>
    </Alert>
  );
}

/** The page's code failed. Usually it belongs to an older deployment, or did not arrive. */
function Crashed(props: { error: unknown }) {
  console.error(props.error);
  return (
    <Page title="Something went wrong">
      <Alert role="alert">
        <p>This page didn’t load. Notejam may have been updated.</p>
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      </Alert>
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title="Not found">
      <p>This page doesn’t exist. It may have been deleted, or the address is wrong.</p>
      <p>
        <a href="/">All notes</a>
      </p>
    </Page>
  );
}
