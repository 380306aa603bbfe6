// The options of the palette: notes, pads and tags, and actions, as far as they match what is typed.
import { ORDER_DEFAULT } from "@notejam/core/note/limits";
import { type Accessor, For, Show } from "solid-js";
import { chooseTheme, otherThemes } from "../account/theme.ts";
import { addressOf, addressOfNewNote, addressOfNote, type ListFilter } from "../notes/list/filter.ts";
import { listOf } from "../notes/list/lists.ts";
import { RowTime } from "../notes/list/note-row.tsx";
import { snippetOf } from "../notes/snippet.ts";
import { excerptOf } from "../notes/title-once.ts";
import { pads } from "../pads/pads.ts";
import { hasSingleKeys, MOD } from "../page/keys.ts";
import { type Act, offered } from "../page/offers.ts";
import { open } from "../page/overlay.ts";
import { places } from "../places/places.ts";
import { Marked, rangesOf } from "../ui/marked.tsx";
import { t } from "../words/palette.ts";
import type { Group, Option } from "./combobox.tsx";
import type { Found } from "./search.ts";
import type { Typed } from "./typed.ts";

/** How many notes, pads and tags are shown before more is typed. */
const SOME = 7;

/** Where the palette was opened, and how it leads away. */
export interface From {
  /** The list that is shown. */
  filter: ListFilter;
  /** Whether notes are found in one pad only, which need not be named then. */
  isInPad: Accessor<boolean>;
  go(address: string, state?: object): () => void;
  close(): void;
}

export function recentNotes({ filter, isInPad, go }: From): Option[] {
  return listOf({ order: ORDER_DEFAULT })
    .shown.slice(0, SOME)
    .map((note) => ({
      title: note.name,
      aside: <RowTime note={note} />,
      text: [!isInPad() && <PadOf note={note} />, excerptOf(note)],
      act: go(addressOfNote(note.id, filter)),
    }));
}

export function foundNotes(found: readonly Found[], { filter, isInPad, go }: From): Option[] {
  return found.map((note) => ({
    title: <Marked text={note.name} ranges={note.inName} />,
    aside: <RowTime note={note} />,
    text: [
      !isInPad() && <PadOf note={note} />,
      <Marked {...snippetOf(note.name, note.snippet, note.inSnippet)} />,
    ],
    act: go(addressOfNote(note.id, filter)),
  }));
}

function PadOf(props: { note: { padId: string | null } }) {
  return <Show when={pads.byId(props.note.padId)}>{(pad) => <span>{pad().name}: </span>}</Show>;
}

export function padsAndTags(typed: Typed, { go }: From): Option[] {
  const named = [
    ...(typed.isTag ? [] : (pads.all() ?? [])).map((pad) => ({ ...pad, sign: "", filter: { pad: pad.id } })),
    ...(places.all()?.tags ?? []).map((tag) => ({ ...tag, sign: "#", filter: { tag: tag.name } })),
  ];
  return named
    .filter(({ name }) => matches(name, typed))
    .slice(0, SOME)
    .map(({ name, noteCount, sign, filter }) => ({
      title: (
        <>
          {sign}
          <Marked text={name} ranges={rangesOf(name, typed.name)} />
        </>
      ),
      aside: t("list.notes", noteCount),
      act: go(addressOf({ ...filter, order: ORDER_DEFAULT })),
    }));
}

/** Begins a note that has the words as its name. */
export function createNamed({ words }: Typed, { filter, go }: From): () => void {
  return go(addressOfNewNote(filter), words === "" ? undefined : { name: words });
}

/** What the page offers for what it shows, as far as it matches. */
export function offeredActs(typed: Typed, from: From): Group | undefined {
  const offer = offered();
  return (
    offer && {
      title: offer.title,
      options: offer.acts.filter(({ words }) => matches(words, typed)).map((act) => optionOf(act, from)),
    }
  );
}

/** What can be done anywhere, as far as it matches. */
export function actions(typed: Typed, from: From): Option[] {
  const { filter, go } = from;
  const named = {
    title: t("palette.createNamed", { name: typed.words }),
    aside: <Keys keys={[MOD, "Enter"]} />,
    act: createNamed(typed, from),
  };
  const acts: Act[] = [
    { words: t("list.newNote"), act: go(addressOfNewNote(filter)), keys: ["N"] },
    { words: t("pad.new"), act: () => open("newPad") },
    { words: t("list.all"), act: go("/"), keys: ["G", "A"] },
    { words: t("list.pinned"), act: go("/pinned") },
    { words: t("list.archive"), act: go("/archive") },
    { words: t("list.trash"), act: go("/trash"), keys: ["G", "T"] },
    { words: t("list.asOf"), act: go("/past"), keys: ["G", "H"] },
    ...otherThemes().map((theme) => ({ words: t(`palette.theme.${theme}`), act: () => chooseTheme(theme) })),
    { words: t("app.settings"), act: go("/settings"), keys: ["G", "S"] },
    { words: t("keys.these"), act: () => open("keys"), keys: ["?"] },
  ];
  return [
    ...(typed.words === "" ? [] : [named]),
    ...acts.filter(({ words }) => matches(words, typed)).map((act) => optionOf(act, from)),
  ];
}

function optionOf({ words, keys, act }: Act, { close }: From): Option {
  return {
    title: words,
    aside: keys && (hasSingleKeys() || keys.includes("Esc")) && <Keys keys={keys} />,
    act() {
      close();
      act();
    },
  };
}

/** A name matches before anything is typed of it. */
function matches(name: string, typed: Typed): boolean {
  return typed.name === "" || rangesOf(name, typed.name).length > 0;
}

export function Keys(props: { keys: readonly string[] }) {
  return <For each={props.keys}>{(key) => <kbd>{key}</kbd>}</For>;
}
