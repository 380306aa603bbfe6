// The tags of the sidebar. A tag folds at its slash: `#work/…` is closed, `#work/` shows what is under it.
import { ORDER_DEFAULT } from "@notejam/core/note/limits";
import { useLocation } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { store, stored } from "../data/stored.ts";
import { addressOf, filterOf } from "../notes/list/filter.ts";
import { parentsOf, type Tag, type TagNode, treeOf } from "../places/tag-tree.ts";
import { t } from "../words/index.ts";

/** The names of the open tags. No name has a space. */
const STORED = "notejam:open-tags";
const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set(stored(STORED)?.split(" ")));

function fold(names: readonly string[], isOpen: boolean): void {
  const next = new Set(open());
  for (const name of names) next[isOpen ? "add" : "delete"](name);
  setOpen(next);
  store(STORED, [...next].join(" "));
}

export function SidebarTags(props: { tags: readonly Tag[] }) {
  const location = useLocation();
  const tree = createMemo(() => treeOf(props.tags));
  // What is here is seen.
  createEffect(
    on(
      () => filterOf(location).tag,
      (tag) => tag && fold(parentsOf(tag), true),
    ),
  );
  return (
    <ul class="tags">
      <For each={tree()}>{(tag) => <Folding tag={tag} />}</For>
    </ul>
  );
}

function Folding(props: { tag: TagNode; inTag?: true }) {
  const location = useLocation();
  const folds = () => props.tag.under.length > 0;
  const isOpen = () => folds() && open().has(props.tag.name);
  let own!: HTMLLIElement;

  function onKeyDown(event: KeyboardEvent): void {
    const opens = event.key === "ArrowRight";
    if (!opens && event.key !== "ArrowLeft") return;
    event.stopPropagation();
    if (folds() && isOpen() !== opens) {
      fold([props.tag.name], opens);
      // The button of a tag that is closed may have been what was in it.
      own.querySelector("a")?.focus();
    } else if (!opens) own.parentElement?.closest("li")?.querySelector("a")?.focus();
  }

  return (
    <li ref={own} classList={{ open: isOpen() }} onKeyDown={onKeyDown}>
      <a
        href={addressOf({ tag: props.tag.name, order: ORDER_DEFAULT })}
        dir="auto"
        aria-current={filterOf(location).tag === props.tag.name ? "page" : undefined}
        title={t("list.notes", props.tag.noteCount)}
      >
        {props.inTag ? props.tag.label : `#${props.tag.label}`}
      </a>
      <Show when={folds()}>
        <button
          type="button"
          class="slash"
          aria-expanded={isOpen()}
          aria-label={t("list.tagsIn", { name: props.tag.name })}
          onClick={() => fold([props.tag.name], !isOpen())}
        >
          {isOpen() ? "/" : "/…"}
        </button>
      </Show>
      <Show when={props.inTag || isOpen()}>
        <span class="number">{props.tag.noteCount.toLocaleString()}</span>
      </Show>
      <Show when={isOpen()}>
        <ul>
          <For each={props.tag.under}>{(tag) => <Folding tag={tag} inTag />}</For>
        </ul>
      </Show>
    </li>
  );
}
