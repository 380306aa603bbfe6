// The user's pads, beside every page about notes. In a narrow window the heading opens and closes them.
import { createAsyncStore, useLocation } from "@solidjs/router";
import { createEffect, createSignal, ErrorBoundary, For, on, Suspense } from "solid-js";
import { LoadFailed } from "../app/error-page.tsx";
import { SkipButton } from "../app/skip-button.tsx";
import { asProblem } from "../data/problem.ts";
import { getPads } from "./queries.ts";
import "../ui/loading.css";
import "./pads-nav.css";

export function PadsNav() {
  const location = useLocation();
  const [isOpen, setOpen] = createSignal(false);
  createEffect(
    on(
      () => location.pathname,
      () => setOpen(false),
    ),
  );
  return (
    <nav class="pads-nav" classList={{ open: isOpen() }} aria-labelledby="my-pads">
      <SkipButton>Skip pads</SkipButton>
      <h2 id="my-pads">
        <span class="heading">My pads</span>
        <button
          class="toggle"
          type="button"
          aria-expanded={isOpen()}
          aria-controls="pad-list"
          onClick={() => setOpen(!isOpen())}
        >
          My pads
        </button>
      </h2>
      <div id="pad-list">
        <ErrorBoundary fallback={(error, reset) => <LoadFailed problem={asProblem(error)} reset={reset} />}>
          <Suspense fallback={<p class="loading">Loading…</p>}>
            <Pads />
          </Suspense>
        </ErrorBoundary>
        <p class="new-pad">
          <a href="/pads/create">New pad</a>
        </p>
      </div>
    </nav>
  );
}

function Pads() {
  const location = useLocation();
  const pads = createAsyncStore(() => getPads());
  return (
    <ul>
      <For each={pads()} fallback={<li class="no-pads">No pads yet</li>}>
        {(pad) => (
          <li>
            <a
              href={`/pads/${pad.id}`}
              aria-current={location.pathname === `/pads/${pad.id}` ? "page" : undefined}
              dir="auto"
            >
              {pad.name}
            </a>
          </li>
        )}
      </For>
    </ul>
  );
}
