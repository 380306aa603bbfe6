// Finding and doing: notes by their names and texts, pads, tags and actions, by typing a few letters.
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, For, Show } from "solid-js";
import { explain } from "../data/problem.ts";
import { filterOf } from "../notes/list/filter.ts";
import { parseQuery } from "../notes/query.ts";
import { pads } from "../pads/pads.ts";
import { t } from "../words/palette.ts";
import { Combobox, type Group } from "./combobox.tsx";
import {
  actions,
  createNamed,
  type From,
  foundNotes,
  Keys,
  offeredActs,
  padsAndTags,
  recentNotes,
} from "./options.tsx";
import { createSearch, withLeft } from "./search.ts";
import { readTyped } from "./typed.ts";

export default function Palette(props: { close: () => void }) {
  const navigate = useNavigate();
  const location = useLocation();
  const filter = filterOf(location);
  const [query, setQuery] = createSignal("");
  const [isInPad, setInPad] = createSignal(false);

  const typed = createMemo(() => readTyped(query()));
  const padHere = () => pads.byId(filter.pad);
  const search = createSearch(() => ({
    ...parseQuery(typed().words),
    pad: isInPad() ? filter.pad : undefined,
  }));

  const found = () => withLeft(search.found(), typed().words);

  const from: From = {
    filter,
    isInPad,
    go: (address, state) => () => {
      props.close();
      navigate(address, { state });
    },
    close: () => props.close(),
  };
  const groups = createMemo<Group[]>(() => {
    const { isEmpty, isAction, isTag, words } = typed();
    const acts = () => [offeredActs(typed(), from)].filter((group) => group !== undefined);
    const notes = () => (words === "" ? recentNotes(from) : foundNotes(found(), from));
    return [
      {
        title: t(isEmpty ? "palette.recent" : "palette.notes"),
        options: isAction || isTag ? [] : notes(),
      },
      {
        title: t("palette.padsAndTags"),
        options: isAction || (isEmpty && !isTag) ? [] : padsAndTags(typed(), from),
      },
      ...(isTag ? [] : [...acts(), { title: t("keys.anywhere"), options: actions(typed(), from) }]),
    ];
  });

  function onKey(event: KeyboardEvent): boolean {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) createNamed(typed(), from)();
    else if (event.key === "Tab" && !event.shiftKey && padHere()) setInPad(!isInPad());
    else return false;
    return true;
  }
  const hasNothing = () => groups().every(({ options }) => options.length === 0);
  /** What is said where nothing is found. */
  const nothing = () => {
    const { isAction, isTag, words, name } = typed();
    if (isAction) return hasNothing() && t("palette.noAction", { q: name });
    if (isTag) return hasNothing() && t("palette.noTag", { q: name });
    return (
      words !== "" && !search.isSearching() && found().length === 0 && t("palette.nothing", { q: words })
    );
  };
  return (
    <Combobox
      label={t("keys.find")}
      placeholder={t("palette.placeholder")}
      within={isInPad() && `${padHere()?.name}:`}
      groups={groups()}
      onQuery={setQuery}
      close={props.close}
      onKey={onKey}
      state={
        <Show when={search.problem()} fallback={nothing()}>
          {(problem) => explain(problem())}
        </Show>
      }
      keys={<KeyHints isAction={typed().isAction} isInPad={padHere() !== undefined} />}
    />
  );
}

/** Which keys there are. */
function KeyHints(props: { isAction: boolean; isInPad: boolean }) {
  const choose = { keys: ["↑", "↓"], words: t("palette.choose") };
  const hints = () =>
    props.isAction
      ? [
          choose,
          { keys: ["Enter"], words: t("palette.toDo") },
          { keys: ["Backspace"], words: t("palette.toNotes") },
          { keys: ["Esc"], words: t("palette.toClose") },
        ]
      : [
          choose,
          { keys: ["Enter"], words: t("palette.toOpen") },
          ...(props.isInPad ? [{ keys: ["Tab"], words: t("palette.inThisPad") }] : []),
          { keys: [">"], words: t("palette.toActions") },
          { keys: ["#"], words: t("palette.toTags") },
          { keys: ["before:2026-11", "after:"], words: t("palette.toFilter") },
          { keys: ["is:archived"], words: "" },
        ];
  return (
    <For each={hints()}>
      {({ keys, words }) => (
        <span>
          <Keys keys={keys} /> {words}
        </span>
      )}
    </For>
  );
}
