// Restores notes as they stood at a time: a single one at once, several or all of them after a question. It keeps which notes are
// the same now.
import type { PastNote, PastNoteWithText } from "@notejam/core/history/schema";
import { type Accessor, createMemo, createSignal, onCleanup } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { restoreState } from "../notes/history/states.ts";
import { deleteNotes } from "../notes/notes.ts";
import { confirm } from "../ui/confirm.ts";
import { say, sayProblem } from "../ui/dock.tsx";
import { t } from "../words/past.ts";
import { isLive, readPage, restoreAt, type Wanted } from "./past.ts";
import { RestoreAll, type Service } from "./restore-all.ts";

export function createRestoring(props: {
  wanted: Accessor<Wanted>;
  /** The time in words. */
  atText: Accessor<string>;
  list: Accessor<Paged<PastNote>>;
  /** The list that is on the page. */
  shown: Accessor<Paged<PastNote>>;
}) {
  const { wanted, atText, list, shown } = props;

  /** The notes of this time that were restored since it is shown: they are the same now. */
  const restored = createMemo(() => {
    wanted();
    return createSignal<ReadonlySet<string>>(new Set());
  });
  const mark = (id: string, isSame: boolean) =>
    restored()[1]((all) => new Set(isSame ? [...all, id] : [...all].filter((one) => one !== id)));

  async function restore(note: PastNoteWithText): Promise<void> {
    try {
      const wasLive = await isLive(note.id);
      const version = (await restoreAt(wanted().at, [note.id])).get(note.id);
      mark(note.id, true);
      say(t("past.restored", { name: note.name }), async () => {
        if (!wasLive)
          await deleteNotes([
            { ...note, device: null, deviceId: null, pinnedAt: null, archivedAt: null, excerpt: "" },
          ]);
        else if (version !== undefined) await restoreState(note.id, version - 1);
        mark(note.id, false);
      });
    } catch (thrown) {
      sayProblem(thrown, () => restore(note));
    }
  }

  const [job, setJob] = createSignal<RestoreAll>();
  onCleanup(() => job()?.stop());

  function begin(at: string, read: Service["read"]): void {
    job()?.stop();
    const begun = new RestoreAll({ read, restore: (ids) => restoreAt(at, ids) });
    setJob(begun);
    void begun.run().then(() => list().reload());
  }
  async function restoreAll(): Promise<void> {
    const asked = wanted();
    const yes = await confirm({
      title: t("restoreAll.title", atText()),
      text: t("restoreAll.text", list().total),
      yes: t("restoreAll.yes"),
      no: t("app.cancel"),
    });
    if (yes) begin(asked.at, (cursor, signal) => readPage(asked, cursor, signal));
  }
  async function restoreSome(notes: readonly PastNote[]): Promise<boolean> {
    const { at } = wanted();
    const yes = await confirm({
      title: t("restoreSome.title", notes.length, atText()),
      text: t("restoreAll.text", notes.length),
      yes: t("restoreSome.yes"),
      no: t("app.cancel"),
    });
    if (yes) begin(at, async () => ({ notes, nextCursor: null }));
    return yes;
  }

  return {
    /** Whether a note is now as it stood then. */
    isSame: (id: string) =>
      restored()[0]().has(id) || shown().rows.find((row) => row.id === id)?.differs === false,
    restore,
    restoreAll,
    /** Resolves to whether the user said yes. */
    restoreSome,
    /** The job that restores several notes, until the user closes it. */
    job,
    closeJob: () => setJob(undefined),
  };
}
