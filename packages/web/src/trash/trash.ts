// What is in the trash: read, restored, and deleted forever.
import { isProblem } from "@notejam/client/problem";
import type { Note } from "@notejam/core/note/schema";
import { TRASH_DAYS, type TrashedNote, type TrashedPad } from "@notejam/core/trash/schema";
import { api } from "../data/api.ts";
import { parseId } from "../data/id.ts";
import { Paged } from "../data/paged.ts";
import { onOtherUser } from "../data/session.ts";
import { putIntoLists } from "../notes/list/lists.ts";
import { summaryOf } from "../notes/list/note-list.ts";
import { pads } from "../pads/pads.ts";
import { places } from "../places/places.ts";
import { formatDay } from "../ui/long-dates.ts";
import { locale } from "../ui/time.tsx";

export type Trashed = ({ kind: "note" } & TrashedNote) | ({ kind: "pad" } & TrashedPad);

const DAY_MS = 86_400_000;
/** Days for which backups are kept: as long as the trash keeps what is in it. */
const BACKUP_DAYS = TRASH_DAYS;

/** Until when backups hold what is deleted forever today. */
export function backupsUntil(): string {
  return formatDay(new Date(Date.now() + BACKUP_DAYS * DAY_MS), locale);
}

/** Rows in a page: as many as the API gives. */
const PAGE = "100";

/** Pads that this tab has seen in the trash, by their ids: notes in the trash say the name of their pad. */
const known = new Map<string, TrashedPad>();
onOtherUser(() => known.clear());

/** The trash, newest first: all of it, what a search finds, or the notes that went with a pad. */
export function trashOf(wanted: { q?: string | undefined; pad?: string | undefined }): Paged<Trashed> {
  return new Paged<Trashed>(
    async (cursor, signal) => {
      const query = {
        limit: PAGE,
        ...(wanted.q !== undefined && { q: wanted.q }),
        ...(wanted.pad !== undefined && { pad: parseId(wanted.pad) }),
        ...(cursor !== undefined && { cursor }),
      };
      const page = await (await api.trash.$get({ query }, { init: { signal } })).json();
      for (const pad of page.pads) known.set(pad.id, pad);
      const rows: Trashed[] = [
        ...page.pads.map((pad) => ({ kind: "pad" as const, ...pad })),
        ...page.notes.map((note) => ({ kind: "note" as const, ...note })),
      ];
      // The sort is stable: of one time, pads come first, as in the service.
      rows.sort((a, b) => Date.parse(b.deletedAt) - Date.parse(a.deletedAt));
      return { rows, total: page.total, nextCursor: page.nextCursor };
    },
    ({ kind, id }) => kind + id,
  );
}

/** A pad in the trash, if this tab has seen it there. */
export function trashedPad(id: string | null | undefined): TrashedPad | undefined {
  return id ? known.get(id) : undefined;
}

/** The name of a note's pad, wherever that is. */
export function padNameOf({ padId }: { padId: string | null }): string | undefined {
  return (pads.byId(padId) ?? trashedPad(padId))?.name;
}

/**
 * Takes a note out of the trash, into the pad that it had unless another is named.
 * @throws Problem `conflict` if its pad is not there, `not_found`
 */
export async function restoreNote(id: string, into: { padId?: string | null } = {}): Promise<Note> {
  const response = await api.trash.notes[":id"].restore.$post({ param: { id }, json: into });
  const { note } = await response.json();
  putIntoLists(summaryOf(note), null);
  places.changed();
  return note;
}

/**
 * Deletes a note, or a pad with its notes, with all their states. Many notes take several requests.
 * @param left is told how many notes are left @param signal ends it between two requests
 * @throws Problem `wrong_credentials`, `rate_limited`; the signal's reason
 */
export async function deleteForever(
  { kind, id }: Trashed,
  password: string,
  left: (notes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const route = kind === "pad" ? api.trash.pads[":id"] : api.trash.notes[":id"];
  try {
    for (;;) {
      const response = await route.$delete({ param: { id }, json: { password } });
      if (response.status !== 202) break;
      left((await response.json()).remaining);
      signal.throwIfAborted();
    }
  } catch (thrown) {
    // An earlier request may have arrived although its answer did not.
    if (!isProblem(thrown, "not_found")) throw thrown;
  } finally {
    places.changed();
  }
}
