// A page that could not be shown: it is not there, or reading it failed. What failed can be asked for again, and is by
// itself when the network comes back.
import { revalidate } from "@solidjs/router";
import { createMemo, onCleanup, onMount, Show } from "solid-js";
import { explain, mayRepeat, Problem } from "../data/problem.ts";
import { askAgainWhoIsThere, user } from "../data/session.ts";
import { Page } from "./page.tsx";
import "../ui/alert.css";

export function Failed(props: { error: unknown; reset: () => void }) {
  const problem = createMemo(() => (props.error instanceof Problem ? props.error : undefined));
  return (
    <Show when={problem()?.code !== "not_found"} fallback={<NotFound />}>
      <Show when={problem()} fallback={<Broken error={props.error} />}>
        {(problem) => (
          <Page title="That did not work">
            <Unread problem={problem()} reset={props.reset} />
          </Page>
        )}
      </Show>
    </Show>
  );
}

/** What could not be read, with a button that reads it again. Fits a page and a part of one. */
export function Unread(props: { problem: Problem; reset: () => void }) {
  function again(): void {
    void revalidate();
    if (user.error) void askAgainWhoIsThere();
    props.reset();
  }
  onMount(() => window.addEventListener("online", again));
  onCleanup(() => window.removeEventListener("online", again));
  return (
    <div class="alert" role="alert">
      <p>{explain(props.problem)}</p>
      <Show when={mayRepeat(props.problem)}>
        <button type="button" onClick={again}>
          Try again
        </button>
      </Show>
    </div>
  );
}

/** The page itself is at fault: most often its code is that of an older deployment, or did not arrive. */
function Broken(props: { error: unknown }) {
  console.error(props.error);
  return (
    <Page title="That did not work">
      <div class="alert" role="alert">
        <p>This page could not be opened. Notejam may have been renewed since it was loaded.</p>
        <button type="button" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title="Not found">
      <p>There is nothing here. It may have been deleted, or the address is wrong.</p>
      <p>
        <a href="/">All notes</a>
      </p>
    </Page>
  );
}
