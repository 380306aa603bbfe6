// What can be done with the note that is read: by its buttons, its menu, and by keys.
import type { Note } from "@notejam/core/note/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import { useKeys } from "../../page/keys.ts";
import { open } from "../../page/overlay.ts";
import { Menu } from "../../ui/menu.tsx";
import { t } from "../../words/note.ts";
import { archiveAll, deleteAll, pinAll } from "../acts.ts";
import { addressOf, addressOfNote, filterOf } from "../list/filter.ts";
import { summaryOf } from "../list/note-list.ts";

export function NoteActs(props: { note: Note }) {
  const navigate = useNavigate();
  const location = useLocation();
  const isPinned = () => props.note.pinnedAt !== null;
  const isArchived = () => props.note.archivedAt !== null;
  const only = () => [summaryOf(props.note)];

  const pin = () => void pinAll(only(), !isPinned());
  const move = () => open({ move: only() });
  const archive = () => void archiveAll(only(), !isArchived());
  function remove(): void {
    const { id } = props.note;
    const filter = filterOf(location);
    void deleteAll(only(), {
      done: () => navigate(addressOf(filter)),
      back: () => navigate(addressOfNote(id, filter)),
    });
  }
  const history = () => `/notes/${props.note.id}/history${location.search}`;
  useKeys({
    p: pin,
    h: () => navigate(history()),
    m: move,
    "#": remove,
    escape: () => navigate(addressOf(filterOf(location))),
  });

  return (
    <>
      <button type="button" class="quiet broad-only" data-key="pin" aria-pressed={isPinned()} onClick={pin}>
        {t(isPinned() ? "note.unpin" : "note.pin")}
      </button>
      <a class="button quiet" href={history()}>
        {t("note.history")}
      </a>
      <Menu
        label={t("app.more")}
        items={[
          { label: t(isPinned() ? "note.unpin" : "note.pin"), act: pin, isNarrowOnly: true },
          { label: t("note.move"), act: move },
          { label: t(isArchived() ? "note.unarchive" : "note.archive"), act: archive },
          { label: t("note.delete"), act: remove },
        ]}
      />
    </>
  );
}
