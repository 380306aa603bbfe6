// Find and replace, where the toolbar stood.
import type { EditorView } from "@codemirror/view";
import { onCleanup, onMount, Show, untrack } from "solid-js";
import { useKeys } from "../../page/keys.ts";
import { say } from "../../ui/dock.tsx";
import { t } from "../../words/find.ts";
import { findIn, HITS_MOST } from "./find.ts";
import "./find-bar.css";

/** @param props.typed what is looked for, as far as it was typed before this was there */
export default function FindBar(props: { view: EditorView; typed: string; close: () => void }) {
  const find = untrack(() => findIn(props.view));
  let field!: HTMLInputElement;
  const begin = () => {
    find.open();
    field.focus();
    field.select();
  };
  onMount(() => {
    begin();
    if (props.typed === "") return;
    find.look({ search: props.typed });
    field.setSelectionRange(props.typed.length, props.typed.length);
  });
  onCleanup(find.close);
  useKeys({ "mod+f": begin }, true);

  function key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Escape") props.close();
    else if (event.altKey && event.code === "KeyC") switchCase();
    else if (event.key === "Enter" && event.target === field) event.shiftKey ? find.previous() : find.next();
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) find.replace();
    else return;
    event.preventDefault();
  }
  function switchCase(): void {
    find.look({ caseSensitive: !find.wanted().caseSensitive });
  }
  function replaceAll(): void {
    const count = find.replaceAll();
    if (count > 0) say(t("find.replaced", count), async () => find.undoReplaced());
  }

  return (
    <search class="foot seek" aria-label={t("find.label")} onKeyDown={key}>
      <input
        type="search"
        aria-label={t("find.field")}
        placeholder={t("find.placeholder")}
        value={find.wanted().search}
        onInput={({ currentTarget }) => find.look({ search: currentTarget.value })}
        ref={field}
      />
      <span class="acts">
        <span class="number hits" role="status">
          <Show when={find.wanted().search !== ""}>{hitsIn(find.here(), find.count())}</Show>
        </span>
        <button
          type="button"
          class="quiet"
          aria-label={t("find.previous")}
          title={titleOf(t("find.previous"), "Shift Enter")}
          onClick={find.previous}
        >
          ‹
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={t("find.next")}
          title={titleOf(t("find.next"), "Enter")}
          onClick={find.next}
        >
          ›
        </button>
      </span>
      <input
        type="text"
        aria-label={t("find.with")}
        placeholder={t("find.with")}
        value={find.wanted().replace}
        onInput={({ currentTarget }) => find.look({ replace: currentTarget.value })}
      />
      <span class="acts">
        <button type="button" onClick={find.replace}>
          {t("find.replace")}
        </button>
        <button type="button" class="quiet" onClick={replaceAll}>
          {t("find.all")}
        </button>
        <button
          type="button"
          class="quiet"
          aria-pressed={find.wanted().caseSensitive}
          aria-label={t("find.sameCase")}
          title={titleOf(t("find.sameCase"), "Alt C")}
          onClick={switchCase}
        >
          {t("find.caseSign")}
        </button>
      </span>
      <button
        type="button"
        class="quiet close"
        title={titleOf(t("find.close"), "Esc")}
        onClick={() => props.close()}
      >
        {t("find.close")}
      </button>
    </search>
  );
}

/** What a button does, and its key. */
function titleOf(words: string, key: string): string {
  return `${words} · ${key}`;
}

function hitsIn(here: number, count: number): string {
  const all = count > HITS_MOST ? t("find.manyHits", { count: HITS_MOST }) : String(count);
  if (count === 0) return t("find.noHit");
  return here === 0 ? t("find.hits", { count: all }) : t("find.hit", { n: here, count: all });
}
