// What can be done with the note that is read: by its buttons, its menu, by keys, and in the palette.
import type { Note } from "@notejam/core/note/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { useKeys } from "../../page/keys.ts";
import { type Act, offerActs } from "../../page/offers.ts";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { t } from "../../words/note.ts";
import { addressOf, filterOf } from "../list/filter.ts";
import { useNoteActs } from "../note-acts.ts";

export function NoteActs(props: {
  /** As the service has it; undefined if it has none, or did not say. */
  saved: Note | undefined;
  /** As it is read. */
  shown: Note;
  edit: () => void;
}) {
  const navigate = useNavigate();
  const location = useLocation();
  const actsOf = useNoteActs();
  const acts = createMemo(() => actsOf({ saved: props.saved, written: props.shown }));
  function run(act: Act | undefined): boolean {
    act?.act();
    return act !== undefined;
  }

  useKeys({
    h: () => run(acts().history),
    p: () => run(acts().pin),
    m: () => run(acts().move),
    "#": () => run(acts().remove),
    escape: () => navigate(addressOf(filterOf(location))),
  });
  offerActs(() => ({
    title: props.shown.name,
    acts: [{ words: t("note.edit"), keys: ["E"], act: props.edit }, ...Object.values(acts())],
  }));

  /** The bar has a button for the others, and for Pin where there is room. */
  const inMenu = (): MenuItem[] =>
    Object.entries(acts())
      .filter(([name]) => name !== "history")
      .map(([name, { words, act }]) => ({ label: words, act, isNarrowOnly: name === "pin" }));
  return (
    <>
      <Show when={props.saved}>
        {(saved) => (
          <>
            <button
              type="button"
              class="quiet broad-only"
              data-key="pin"
              aria-pressed={saved().pinnedAt !== null}
              onClick={() => run(acts().pin)}
            >
              {acts().pin?.words}
            </button>
            <a class="button quiet" href={`/notes/${saved().id}/history${location.search}`}>
              {t("note.history")}
            </a>
          </>
        )}
      </Show>
      <Menu label={t("app.more")} items={inMenu()} />
    </>
  );
}
