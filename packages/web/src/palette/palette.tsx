// Finding and doing: notes by their names and texts, pads, tags and actions, by typing a few letters.
import { ORDER_DEFAULT } from "@notejam/core/note/limits";
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { explain } from "../data/problem.ts";
import { plainExcerpt, plainSnippet } from "../notes/excerpt.ts";
import { addressOf, addressOfNewNote, addressOfNote, filterOf } from "../notes/list/filter.ts";
import { listOf } from "../notes/list/lists.ts";
import { parseQuery } from "../notes/query.ts";
import { pads } from "../pads/pads.ts";
import { open } from "../page/overlay.ts";
import { places } from "../places/places.ts";
import { Marked, placesOf } from "../ui/marked.tsx";
import { Time } from "../ui/time.tsx";
import { t } from "../words/palette.ts";
import { Combobox, type Group, type Option } from "./combobox.tsx";
import { createSearch } from "./search.ts";

/** How many notes, pads and tags are shown before more is typed. */
const SOME = 7;

export default function Palette(props: { close: () => void }) {
  const navigate = useNavigate();
  const location = useLocation();
  const filter = filterOf(location);
  const [query, setQuery] = createSignal("");
  const [isInPad, setInPad] = createSignal(false);

  const isEmpty = () => query().trim() === "";
  const isAction = () => query().startsWith(">");
  /** While a tag is typed, tags are found; with a word after it, the notes that have it. */
  const isTag = () => /^#\S*$/.test(query());
  /** What is searched for in notes. */
  const words = () => (isAction() || isTag() ? "" : query().trim());
  /** What is typed of a name. */
  const typed = () => query().replace(/^[>#]/, "").trim();
  /** The note that is open. */
  const noteHere = () => /^\/notes\/([^/]+)$/.exec(location.pathname)?.[1];
  const padHere = () => pads.byId(filter.pad);
  const search = createSearch(() => ({ ...parseQuery(words()), pad: isInPad() ? filter.pad : undefined }));

  const go = (address: string, state?: object) => () => {
    props.close();
    navigate(address, { state });
  };
  const matches = (name: string) => placesOf(name, typed()).length > 0;
  const found = (name: string, before = "") => (
    <>
      {before}
      <Marked text={name} ranges={isEmpty() ? [] : placesOf(name, typed())} />
    </>
  );
  const padOf = ({ padId }: { padId: string | null }): JSX.Element => (
    <Show when={!isInPad() && pads.byId(padId)}>{(pad) => <span>{pad().name}: </span>}</Show>
  );

  const notes = (): Option[] =>
    words() === ""
      ? listOf({ order: ORDER_DEFAULT })
          .rows.slice(0, SOME)
          .map((note) => ({
            title: note.name,
            aside: <Time time={note.updatedAt} short />,
            text: [padOf(note), plainExcerpt(note.excerpt)],
            act: go(addressOfNote(note.id, filter)),
          }))
      : search.found().map((note) => ({
          title: <Marked text={note.name} ranges={note.inName} />,
          aside: <Time time={note.updatedAt} short />,
          text: [padOf(note), <Marked {...plainSnippet(note.snippet, note.inSnippet)} />],
          act: go(addressOfNote(note.id, filter)),
        }));
  const padsAndTags = (): Option[] => [
    ...(isTag() ? [] : (pads.all() ?? []))
      .filter((pad) => matches(pad.name))
      .map((pad) => ({
        title: found(pad.name),
        aside: t("list.notes", pad.noteCount),
        act: go(addressOf({ pad: pad.id, order: ORDER_DEFAULT })),
      })),
    ...(places.all()?.tags ?? [])
      .filter((tag) => matches(tag.name))
      .map((tag) => ({
        title: found(tag.name, "#"),
        aside: t("list.notes", tag.noteCount),
        act: go(addressOf({ tag: tag.name, order: ORDER_DEFAULT })),
      })),
  ];
  const create = () => go(addressOfNewNote(filter), words() === "" ? undefined : { name: words() });
  const actions = (): Option[] => [
    ...(words() === ""
      ? []
      : [{ title: t("palette.createNamed", { name: words() }), aside: <CreateKeys />, act: create() }]),
    ...[
      ...(noteHere()
        ? [{ title: t("note.history"), act: go(`/notes/${noteHere()}/history`), aside: <kbd>H</kbd> }]
        : []),
      { title: t("list.newNote"), act: go(addressOfNewNote(filter)), aside: <kbd>N</kbd> },
      { title: t("list.all"), act: go("/"), aside: <Keys keys={["G", "A"]} /> },
      { title: t("list.pinned"), act: go("/pinned") },
      { title: t("list.archive"), act: go("/archive") },
      { title: t("list.trash"), act: go("/trash"), aside: <Keys keys={["G", "T"]} /> },
      { title: t("note.asOf"), act: go("/past"), aside: <Keys keys={["G", "H"]} /> },
      { title: t("app.settings"), act: go("/settings"), aside: <Keys keys={["G", "S"]} /> },
      { title: t("keys.these"), act: () => open("keys"), aside: <kbd>?</kbd> },
    ].filter(({ title }) => isEmpty() || matches(title)),
  ];

  const groups = createMemo<Group[]>(() => [
    {
      title: t(isEmpty() ? "palette.recent" : "palette.notes"),
      options: isAction() || isTag() ? [] : notes(),
    },
    {
      title: t("palette.padsAndTags"),
      options: isAction() || (isEmpty() && !isTag()) ? [] : padsAndTags().slice(0, SOME),
    },
    { title: t("palette.actions"), options: isTag() ? [] : actions() },
  ]);

  function onKey(event: KeyboardEvent): boolean {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) create()();
    else if (event.key === "Tab" && !event.shiftKey && padHere()) setInPad(!isInPad());
    else return false;
    return true;
  }
  return (
    <Combobox
      label={t("palette.label")}
      placeholder={t("palette.placeholder")}
      within={isInPad() && `${padHere()?.name}:`}
      groups={groups()}
      onQuery={setQuery}
      close={props.close}
      onKey={onKey}
      state={
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
      }
      keys={
        <For
          each={[
            { keys: ["↑", "↓"], words: t("palette.choose") },
            { keys: ["Enter"], words: t("palette.toOpen") },
            ...(padHere() ? [{ keys: ["Tab"], words: t("palette.inThisPad") }] : []),
            { keys: [">"], words: t("palette.toActions") },
            { keys: ["#"], words: t("palette.toTags") },
            { keys: ["before:2026-11", "after:"], words: t("palette.toFilter") },
            { keys: ["is:archived"], words: "" },
          ]}
        >
          {({ keys, words }) => (
            <span>
              <Keys keys={keys} /> {words}
            </span>
          )}
        </For>
      }
    />
  );
}

function Keys(props: { keys: readonly string[] }) {
  return <For each={props.keys}>{(key) => <kbd>{key}</kbd>}</For>;
}

function CreateKeys() {
  return <Keys keys={[navigator.platform.startsWith("Mac") ? "Cmd" : "Ctrl", "Enter"]} />;
}
