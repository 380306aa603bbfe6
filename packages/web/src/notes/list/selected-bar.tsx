// What can be done with the notes of a list that are selected.
import { useLocation, useNavigate } from "@solidjs/router";
import { open } from "../../page/overlay.ts";
import { t } from "../../words/note.ts";
import { archiveAll, deleteAll } from "../acts.ts";
import { addressOf, filterOf } from "./filter.ts";
import type { ListedNote } from "./note-list.ts";
import type { Selection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";

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
  const acts = () => [
    { words: t("note.move"), act: move },
    { words: t(isArchive() ? "note.unarchive" : "note.archive"), act: archive },
    { words: t("note.delete"), act: remove },
  ];
  return <SelectionBar count={props.notes.length} acts={acts()} close={() => props.selection.close()} />;
}
