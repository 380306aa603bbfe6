// The headings of a long note, at its end edge in a wide window. And the way to the heading that an address names, also in a note
// that is rendered after the page.
import { useLocation } from "@solidjs/router";
import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { listen } from "../../data/listen.ts";
import { t } from "../../words/note.ts";
import { isRendered, whileRendering } from "./reading-position.ts";
import "./contents.css";

/** A note with fewer headings needs no contents. */
const HEADINGS_LEAST = 3;
const HEADINGS_MOST = 200;
/** A section begins when its heading is so far from the top of the view. */
const BEGINS_PX = 96;

interface Heading {
  element: HTMLElement;
  level: number;
}

/** @param scroll what scrolls, with the note in it */
export function Contents(props: { scroll: HTMLElement }) {
  const [headings, setHeadings] = createSignal<readonly Heading[]>([]);
  const [current, setCurrent] = createSignal<Heading>();

  function read(): void {
    const found = isRendered(props.scroll)
      ? props.scroll.querySelectorAll<HTMLElement>(".prose :is(h2, h3)")
      : [];
    setHeadings(
      [...found].slice(0, HEADINGS_MOST).map((element) => ({ element, level: Number(element.tagName[1]) })),
    );
    mark();
  }
  function mark(): void {
    const begin = props.scroll.getBoundingClientRect().top + BEGINS_PX;
    const all = headings();
    const { scrollTop, clientHeight, scrollHeight } = props.scroll;
    const isAtEnd = scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 1;
    setCurrent(
      isAtEnd
        ? all.at(-1)
        : (all.findLast(({ element }) => element.getBoundingClientRect().top <= begin) ?? all[0]),
    );
  }
  let frame = 0;
  const follow = () => {
    cancelAnimationFrame(frame);
    if (headings().length >= HEADINGS_LEAST) frame = requestAnimationFrame(mark);
  };
  listen(props.scroll, "scroll", follow, { passive: true });
  const observer = new MutationObserver(read);
  onMount(() => {
    observer.observe(props.scroll, { subtree: true, attributeFilter: ["aria-busy"] });
    read();
  });
  onCleanup(() => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  });

  return (
    <Show when={headings().length >= HEADINGS_LEAST}>
      <nav class="contents" aria-label={t("note.contents")}>
        <For each={headings()}>
          {(heading) => (
            <a
              href={`#${heading.element.id}`}
              classList={{ inner: heading.level > 2 }}
              aria-current={current() === heading ? "location" : undefined}
              dir="auto"
              onClick={() => {
                heading.element.tabIndex = -1;
                heading.element.focus({ preventScroll: true });
              }}
            >
              {heading.element.textContent}
            </a>
          )}
        </For>
      </nav>
    </Show>
  );
}

/** Shows the heading that the address of a note names, and on the way back within it what was in view before. */
export function useFragment(scroll: () => HTMLElement, id: () => string): void {
  // The router's: the browser's follows later.
  const address = useLocation();
  const before = new Map<string, number>();
  createEffect(
    on(id, () => {
      before.clear();
      const { hash } = address;
      if (hash) onCleanup(whileRendering(scroll(), () => showHeading(hash)));
    }),
  );
  /** @returns false: what follows may still be missing, so that it can't come to the top */
  function showHeading(hash: string): boolean {
    headingOf(scroll(), hash)?.scrollIntoView();
    return false;
  }
  const keep = (event: MouseEvent) => {
    const link = (event.target as Element).closest?.("a");
    if (link?.getAttribute("href")?.startsWith("#")) before.set(location.hash, scroll().scrollTop);
  };
  listen(document, "click", keep, { capture: true });
  listen(window, "popstate", () => {
    const top = before.get(location.hash);
    if (top === undefined) showHeading(location.hash);
    else scroll().scrollTop = top;
  });
}

/** The heading that the address names, with or without the prefix of its id. */
function headingOf(scroll: HTMLElement, hash: string): Element | undefined {
  let name = hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // An address that somebody wrote by hand.
  }
  const names = [name, `note-${name}`];
  return [...scroll.querySelectorAll(".prose[id], .prose [id]")].find((heading) =>
    names.includes(heading.id),
  );
}
