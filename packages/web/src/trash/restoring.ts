// Restores what is in the trash, and says so with a way back.
import { useNavigate } from "@solidjs/router";
import { type Accessor, createSignal } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { asProblem } from "../data/problem.ts";
import { summaryOf } from "../notes/list/note-list.ts";
import { deleteNotes } from "../notes/notes.ts";
import { deletePad, restorePad } from "../pads/writing.ts";
import { say, sayProblem } from "../ui/dock.tsx";
import { t } from "../words/trash.ts";
import { restoreNote, type Trashed } from "./trash.ts";

type TrashedNote = Trashed & { kind: "note" };
type TrashedPad = Trashed & { kind: "pad" };

/** @param leave removes the row of what was restored */
export function createRestoring(list: Accessor<Paged<Trashed>>, leave: (item: Trashed) => void) {
  const navigate = useNavigate();
  const [padless, setPadless] = createSignal<TrashedNote>();

  async function restore(item: Trashed): Promise<void> {
    try {
      await (item.kind === "pad" ? restoreWithNotes(item) : restoreOne(item));
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code === "conflict" && item.kind === "note") setPadless(item);
      else if (problem.code === "not_found") {
        leave(item);
        say(t("trash.gone"));
      } else sayProblem(problem, () => restore(item));
    }
  }
  async function restoreWithNotes(pad: TrashedPad): Promise<void> {
    const shown = list();
    await restorePad(pad.id);
    leave(pad);
    say(t("trash.restoredPad", pad.name, pad.noteCount), async () => {
      await deletePad(pad.id);
      await shown.reload();
    });
  }
  async function restoreOne(item: TrashedNote, padId?: null): Promise<void> {
    const shown = list();
    const note = await restoreNote(item.id, padId === undefined ? {} : { padId });
    leave(item);
    say(t("trash.restored", { name: note.name }), async () => {
      await deleteNotes([{ ...item, ...summaryOf(note) }]);
      await shown.reload();
    });
  }
  /** A note that was deleted by itself does not come back with its pad. */
  async function restoreWithPad(item: TrashedNote): Promise<void> {
    const shown = list();
    const pad = await restorePad(item.padId ?? "");
    const note = await restoreNote(item.id);
    await shown.reload();
    say(t("trash.restored", { name: note.name }), async () => {
      await deleteNotes([{ ...item, ...summaryOf(note) }]);
      await deletePad(pad.id);
      await shown.reload();
    });
  }
  async function restorePadById(id: string): Promise<void> {
    try {
      const pad = await restorePad(id);
      navigate(`/pads/${id}`);
      say(t("trash.restoredPad", pad.name, pad.noteCount), async () => {
        await deletePad(id);
        navigate(`/trash?pad=${id}`);
      });
    } catch (thrown) {
      sayProblem(thrown, () => restorePadById(id));
    }
  }
  return {
    restore,
    /** Restores the pad whose notes are listed, and shows it. */
    restorePadById,
    /** The note that can't be restored because its pad is in the trash too. */
    padless,
    restoreWithPad,
    restoreWithoutPad: (item: TrashedNote) => restoreOne(item, null),
    forgetPadless: () => setPadless(undefined),
  };
}
