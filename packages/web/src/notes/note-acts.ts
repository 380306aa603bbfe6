// What can be done with a note that is open: once for its bar, its menu, its keys and the palette.
import type { Written } from "@notejam/core/note/fields";
import type { Note } from "@notejam/core/note/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import type { Act } from "../page/offers.ts";
import { open } from "../page/overlay.ts";
import { t } from "../words/note.ts";
import { archiveAll, deleteAll, duplicate, pinAll } from "./acts.ts";
import { copyLink, copyText } from "./copying.ts";
import { addressOf, addressOfNote, filterOf } from "./list/filter.ts";
import { summaryOf } from "./list/note-list.ts";

type ActName =
  | "history"
  | "pin"
  | "move"
  | "archive"
  | "duplicate"
  | "copyLink"
  | "copyText"
  | "print"
  | "remove";

/** In the order in which they are offered. One that does not fit the note is missing. */
export type NoteActs = Partial<Record<ActName, Act>>;

/** Acts with a note as the page shows it. @param shown.saved the note as the service has it, if that is known */
export type ActsOf = (shown: { saved: Note | undefined; written: Written }) => NoteActs;

/** The acts of whichever note the component shows. They lead to and from the list beside it. */
export function useNoteActs(): ActsOf {
  const navigate = useNavigate();
  const location = useLocation();

  function actsOfSaved(note: Note, written: Written) {
    const only = [summaryOf(note)];
    const isPinned = note.pinnedAt !== null;
    const isArchived = note.archivedAt !== null;
    const here = () => addressOfNote(note.id, filterOf(location));
    return {
      history: {
        words: t("note.history"),
        keys: ["H"],
        act: () => navigate(`/notes/${note.id}/history${location.search}`),
      },
      pin: {
        words: t(isPinned ? "note.unpin" : "note.pin"),
        keys: ["P"],
        act: () => void pinAll(only, !isPinned),
      },
      move: { words: t("note.moveTo"), keys: ["M"], act: () => open({ move: only }) },
      archive: {
        words: t(isArchived ? "note.unarchive" : "note.archive"),
        act: () => void archiveAll(only, !isArchived),
      },
      duplicate: {
        words: t("note.duplicate"),
        act() {
          const back = here();
          const filter = filterOf(location);
          void duplicate(written, {
            done: (id) => navigate(addressOfNote(id, filter)),
            back: () => navigate(back),
          });
        },
      },
      copyLink: { words: t("note.copyLink"), act: () => void copyLink(note) },
    } satisfies NoteActs;
  }

  function remove(note: Note): Act {
    return {
      words: t("note.delete"),
      keys: ["#"],
      act() {
        const filter = filterOf(location);
        void deleteAll([summaryOf(note)], {
          done: () => navigate(addressOf(filter)),
          back: () => navigate(addressOfNote(note.id, filter)),
        });
      },
    };
  }

  return ({ saved, written }) => ({
    ...(saved && actsOfSaved(saved, written)),
    ...actsOfText(written),
    ...(saved && { remove: remove(saved) }),
  });
}

/** What can be done with any text that is shown, also where the note is not as it was. */
export function actsOfText(written: Pick<Written, "name" | "text">) {
  return {
    copyText: { words: t("note.copyText"), act: () => void copyText(written) },
    print: { words: t("note.print"), act: () => window.print() },
  } satisfies NoteActs;
}
