// Finding and doing: notes by their names and texts, pads, tags and actions, by typing a few letters.
import { ORDER_DEFAULT, QUERY_MAX } from "@notejam/core/note/limits";
import { useLocation, useNavigate } from "@solidjs/router";
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { explain } from "../data/problem.ts";
import { plainExcerpt } from "../notes/excerpt.ts";
import { addressOf, addressOfNewNote, addressOfNote, filterOf } from "../notes/list/filter.ts";
import { listOf } from "../notes/list/lists.ts";
import { pads } from "../pads/pads.ts";
import { places } from "../places/places.ts";
import { Time } from "../ui/time.tsx";
import { t } from "../words/index.ts";
import { Marked } from "./marked.tsx";
import { open } from "./open.ts";
import { createSearch } from "./search.ts";
import "../notes/list/list.css";
import "./palette.css";

interface Option {
  title: JSX.Element;
  aside?: JSX.Element;
  text?: JSX.Element;
  act: () => void;
}

interface Group {
  title: string;
  options: readonly Option[];
}

const RECENT = 7;

export default function Palette(props: { close: () => void }) {
  const navigate = useNavigate();
  const location = useLocation();
  const filter = filterOf(location);
  const [query, setQuery] = createSignal("");
  const [isInPad, setInPad] = createSignal(false);
  const [chosen, setChosen] = createSignal(0);
  let dialog!: HTMLDialogElement;
  let results!: HTMLDivElement;

  /** What is searched for in notes: not for actions and tags. */
  const words = () => (/^[>#]/.test(query()) ? "" : query().trim());
  const padHere = () => pads.byId(filter.pad);
  const search = createSearch(() => ({ q: words(), pad: isInPad() ? filter.pad : undefined }));

  const go = (address: string) => () => {
    props.close();
    navigate(address);
  };
  const matches = (name: string) =>
    name.toLowerCase().includes(query().replace(/^[>#]/, "").trim().toLowerCase());

  const notes = (): Option[] =>
    words() === ""
      ? listOf({ order: ORDER_DEFAULT })
          .notes.slice(0, RECENT)
          .map((note) => ({
            title: note.name,
            aside: <Time time={note.updatedAt} short />,
            text: plainExcerpt(note.excerpt),
            act: go(addressOfNote(note.id, filter)),
          }))
      : search.found().map((note) => ({
          title: <Marked text={note.name} ranges={note.inName} />,
          aside: <Time time={note.updatedAt} short />,
          text: <Marked text={note.snippet} ranges={note.inSnippet} />,
          act: go(addressOfNote(note.id, filter)),
        }));
  const pagesAndTags = (): Option[] => [
    ...(query().startsWith("#") ? [] : (pads.all() ?? []))
      .filter((pad) => matches(pad.name))
      .map((pad) => ({
        title: pad.name,
        aside: t("list.notes", pad.noteCount),
        act: go(addressOf({ pad: pad.id, order: ORDER_DEFAULT })),
      })),
    ...(places.all()?.tags ?? [])
      .filter((tag) => matches(tag.name))
      .map((tag) => ({
        title: `#${tag.name}`,
        aside: t("list.notes", tag.noteCount),
        act: go(addressOf({ tag: tag.name, order: ORDER_DEFAULT })),
      })),
  ];
  const actions = (): Option[] =>
    [
      { title: t("list.newNote"), act: go(addressOfNewNote(filter)) },
      { title: t("list.all"), act: go("/") },
      { title: t("list.pinned"), act: go("/pinned") },
      { title: t("list.archive"), act: go("/archive") },
      { title: t("app.settings"), act: go("/settings") },
      { title: t("keys.these"), act: () => open("keys") },
    ].filter(({ title }) => matches(title));

  const groups = createMemo<Group[]>(() => {
    const isEmpty = query().trim() === "";
    const all = [
      {
        title: isEmpty ? t("palette.recent") : t("palette.notes"),
        options: /^[>#]/.test(query()) ? [] : notes(),
      },
      {
        title: t("palette.padsAndTags"),
        options: isEmpty || query().startsWith(">") ? [] : pagesAndTags().slice(0, RECENT),
      },
      { title: t("palette.actions"), options: query().startsWith("#") ? [] : actions() },
    ];
    return all.filter(({ options }) => options.length > 0);
  });
  const options = createMemo(() => groups().flatMap((group) => group.options));
  createEffect(on(query, () => setChosen(0), { defer: true }));
  createEffect(() => {
    const last = Math.max(0, options().length - 1);
    if (chosen() > last) setChosen(last);
  });
  createEffect(
    on(chosen, () => results?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" })),
  );

  onMount(() => dialog.showModal());
  onCleanup(() => dialog.close());

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const count = options().length;
      if (count > 0) setChosen((chosen() + step + count) % count);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go(addressOfNewNote(filter))();
    else if (event.key === "Enter") options()[chosen()]?.act();
    else if (event.key === "Tab" && !event.shiftKey && padHere()) setInPad(!isInPad());
    else return;
    event.preventDefault();
  }

  return (
    <dialog
      class="palette"
      ref={dialog}
      aria-label={t("palette.label")}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onClick={(event) => event.target === dialog && props.close()}
      onKeyDown={onKey}
    >
      <label class="palette-input">
        <span class="hush">{t("palette.label")}</span>
        <Show when={isInPad()}>
          <span class="in-pad">{padHere()?.name}:</span>
        </Show>
        <input
          type="text"
          role="combobox"
          autofocus
          aria-expanded="true"
          aria-controls="palette-results"
          aria-activedescendant={options().length > 0 ? `palette-${chosen()}` : undefined}
          placeholder={t("palette.placeholder")}
          maxLength={QUERY_MAX}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <button type="button" class="quiet" onClick={() => props.close()}>
          {t("app.cancel")}
        </button>
      </label>
      <div class="scroll" id="palette-results" role="listbox" aria-label={t("palette.results")} ref={results}>
        <For each={groups()}>
          {(group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
            <div role="group" aria-label={group.title}>
              <h2 role="presentation">{group.title}</h2>
              <For each={group.options}>
                {(option) => {
                  const index = () => options().indexOf(option);
                  return (
                    // The input keeps the focus, and has the keys.
                    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: see above
                    <div
                      class="note"
                      role="option"
                      id={`palette-${index()}`}
                      aria-selected={index() === chosen()}
                      onPointerMove={() => setChosen(index())}
                      onClick={() => option.act()}
                    >
                      <b dir="auto">{option.title}</b>
                      <span class="aside">{option.aside}</span>
                      <Show when={option.text}>
                        <p dir="auto">{option.text}</p>
                      </Show>
                    </div>
                  );
                }}
              </For>
            </div>
          )}
        </For>
      </div>
      <p class="palette-state hint" role="status">
        <Show
          when={search.problem()}
          fallback={
            words() !== "" &&
            !search.isSearching() &&
            search.found().length === 0 &&
            t("palette.nothing", { q: words() })
          }
        >
          {(problem) => explain(problem())}
        </Show>
      </p>
    </dialog>
  );
}
