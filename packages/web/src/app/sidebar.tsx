// The sidebar: the places, and the account. In a narrow window it opens over the list.
import { ORDER_DEFAULT } from "@notejam/core/note/limits";
import type { NoteSummary } from "@notejam/core/note/schema";
import { useCurrentMatches, useLocation } from "@solidjs/router";
import { createEffect, For, type JSX, on, Show } from "solid-js";
import { SignOutButton } from "../account/sign-out-button.tsx";
import { listen } from "../data/listen.ts";
import { explain } from "../data/problem.ts";
import { user } from "../data/session.ts";
import { createDrop } from "../notes/list/dragging.ts";
import { addressOf, filterOf } from "../notes/list/filter.ts";
import { NewPad } from "../pads/new-pad.tsx";
import { pads } from "../pads/pads.ts";
import { MOD, useKeys } from "../page/keys.ts";
import { isSidebarOpen, setSidebarOpen } from "../page/layout.ts";
import { open } from "../page/overlay.ts";
import { Wordmark } from "../page/wordmark.tsx";
import { places } from "../places/places.ts";
import { t } from "../words/index.ts";
import { SidebarTags } from "./sidebar-tags.tsx";
import "./sidebar.css";

/** The places that are no pad and no tag. */
const PLACES = [
  { href: "/", words: "list.all", count: "notes" },
  { href: "/pinned", words: "list.pinned", count: "pinned" },
  { href: "/archive", words: "list.archive", count: "archived" },
  { href: "/trash", words: "list.trash", count: "trash" },
] as const;

export function Sidebar() {
  const location = useLocation();
  const counts = places.all;
  let side!: HTMLElement;
  /** Where the focus was when the sidebar opened. */
  let opener: Element | null = null;

  createEffect(on(() => location.pathname + location.search, close, { defer: true }));
  createEffect(
    on(isSidebarOpen, (isOpen) => {
      if (!isOpen) return;
      opener = document.activeElement;
      side.querySelector<HTMLElement>("nav a")?.focus();
    }),
  );

  function close(): void {
    if (!isSidebarOpen()) return;
    setSidebarOpen(false);
    if (opener instanceof HTMLElement && side.contains(document.activeElement)) opener.focus();
  }
  useKeys({ escape: () => isSidebarOpen() && close() }, true);
  listen(document, "pointerdown", (event) => {
    const target = event.target as Element;
    if (isSidebarOpen() && !side.contains(target) && !opener?.contains(target)) close();
  });

  return (
    <header id="sidebar" class="pane side" classList={{ open: isSidebarOpen() }} ref={side}>
      <div class="bar">
        <Wordmark />
      </div>
      <div class="scroll">
        <nav aria-label={t("app.places")}>
          <ul>
            <li>
              <button
                type="button"
                class="place find-place"
                aria-keyshortcuts="Control+K"
                onClick={() => open("palette")}
              >
                {t("app.find")} <kbd>{MOD} K</kbd>
              </button>
            </li>
            <For each={PLACES}>
              {({ href, words, count }) => (
                <li>
                  <Place href={href} count={counts()?.[count]}>
                    {t(words)}
                  </Place>
                </li>
              )}
            </For>
            <li>
              <Place href="/past">{t("list.asOf")}</Place>
            </li>
          </ul>
          <h2>{t("pad.mine")}</h2>
          <Show when={places.problem()} fallback={<Pads />}>
            {(problem) => (
              <p class="failed hint" role="alert">
                {explain(problem())}{" "}
                <button type="button" class="link" onClick={() => places.load()}>
                  {t("app.tryAgain")}
                </button>
              </p>
            )}
          </Show>
          <NewPad />
          <Show when={counts()?.tags.length}>
            <h2>{t("list.tags")}</h2>
            <SidebarTags tags={counts()?.tags ?? []} />
          </Show>
        </nav>
      </div>
      <div class="who">
        <span dir="auto">{(user.error ? undefined : user.latest)?.email}</span>
        <a href="/settings" aria-current={location.pathname === "/settings" ? "page" : undefined}>
          {t("app.settings")}
        </a>
        <SignOutButton class="link" />
      </div>
    </header>
  );
}

function Pads() {
  return (
    <ul>
      <For each={pads.all()}>
        {(pad) => (
          <li>
            <Place href={`/pads/${pad.id}`} count={pad.noteCount} take={(notes) => moveTo(pad.id, notes)}>
              {pad.name}
            </Place>
          </li>
        )}
      </For>
    </ul>
  );
}

async function moveTo(padId: string, notes: readonly NoteSummary[]): Promise<void> {
  const { moveAll } = await import("../notes/acts.ts");
  await moveAll(notes, padId);
}

function Place(props: {
  href: string;
  count?: number | undefined;
  /** Takes notes that are dropped on it. */
  take?: (notes: readonly NoteSummary[]) => Promise<void>;
  children: JSX.Element;
}) {
  const location = useLocation();
  const matches = useCurrentMatches();
  // The place whose list is shown, also beside a note.
  const isHere = () => {
    const { q: _, ...filter } = filterOf(location);
    if (matches().some(({ route }) => route.info?.full))
      return `${location.pathname}/`.startsWith(props.href === "/" ? "//" : `${props.href}/`);
    return addressOf({ ...filter, order: ORDER_DEFAULT }) === props.href;
  };
  const drop = createDrop((notes) => void props.take?.(notes));
  return (
    <a
      class="place"
      href={props.href}
      classList={{ here: isHere(), over: drop.isOver() }}
      aria-current={isHere() ? "page" : undefined}
      {...(props.take && drop.handlers)}
    >
      <span class="clip" dir="auto">
        {props.children}
      </span>
      <Show when={props.count !== undefined}>
        <span class="number">{props.count?.toLocaleString()}</span>
      </Show>
    </a>
  );
}
