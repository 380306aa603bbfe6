// What can be done with the notes that are selected, in the place of the list's title.
import { useLocation, useNavigate } from "@solidjs/router";
import { For } from "solid-js";
import { open } from "../../palette/open.ts";
import { t } from "../../words/note.ts";
import { archiveAll, deleteAll } from "../acts.ts";
import { addressOf, filterOf } from "./filter.ts";
import type { ListedNote } from "./note-list.ts";
import type { Selection } from "./selection.ts";

export default function SelectedBar(props: {
  selection: Selection;
  notes: readonly ListedNote[];
  openId: string | undefined;
}) {
  const navigate = useNavigate();
  const location = useLocation();
  const isArchive = () => filterOf(location).view === "archive";

  /** The selection ends when it is done. */
  const whenDone = async (doing: Promise<boolean>) => {
    if (await doing) props.selection.close();
  };
  const acts = [
    { words: () => t("note.move"), act: move },
    { words: () => t(isArchive() ? "note.unarchive" : "note.archive"), act: archive },
    { words: () => t("note.delete"), act: remove },
  ];
  function move(): void {
    open({ move: props.notes, done: () => props.selection.close() });
  }
  function archive(): void {
    void whenDone(archiveAll(props.notes, !isArchive()));
  }
  function remove(): void {
    const isReading = props.notes.some(({ id }) => id === props.openId);
    const done = () => isReading && navigate(addressOf(filterOf(location)));
    void whenDone(deleteAll(props.notes, { done }));
  }
  return (
    <div class="selected-bar" role="toolbar" aria-label={t("selection.begin")}>
      <div class="bar">
        <b role="status">{t("selection.count", { n: props.notes.length.toLocaleString() })}</b>
        <span class="push" />
        <button type="button" class="quiet" onClick={() => props.selection.close()}>
          {t("app.cancel")}
        </button>
      </div>
      <div class="acts">
        <For each={acts}>
          {({ words, act }) => (
            <button
              type="button"
              aria-disabled={props.notes.length === 0}
              onClick={() => props.notes.length > 0 && act()}
            >
              {words()}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}
