import { Problem } from "@notejam/client/problem";
import { byField, fieldsOf } from "@notejam/core/note/fields";
import type { Note, NoteSummary } from "@notejam/core/note/schema";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Page } from "../../data/paged.ts";
import { setLeftNotes } from "../left/left-notes.ts";
import { shownOf } from "../left/shown.ts";
import { NoteList, summaryOf } from "./note-list.ts";

/** The list looks at nothing else of a note. */
function note(id: string, fields: Partial<Note> = {}): NoteSummary {
  const marks = { pinnedAt: null, archivedAt: null };
  return {
    id,
    name: id,
    padId: null,
    ...marks,
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...fields,
  } as NoteSummary;
}

/** A service with notes in the order of `ids`. The cursor is the number of notes before the page. */
function service(notes: readonly NoteSummary[], limit: number) {
  const asked: (string | undefined)[] = [];
  const read = async (cursor: string | undefined): Promise<Page<NoteSummary>> => {
    asked.push(cursor);
    const start = Number(cursor ?? 0);
    const end = start + limit;
    const nextCursor = end < notes.length ? String(end) : null;
    return { rows: notes.slice(start, end), total: notes.length, nextCursor };
  };
  return { asked, read };
}

const ALL = { order: "name" } as const;
const idsOf = (list: NoteList) => list.rows.map(({ id }) => id);

describe("a list of notes", () => {
  it("has each note once, and the total from the first page on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.uuid(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (ids, limit) => {
          const list = new NoteList(
            ALL,
            service(
              ids.map((id) => note(id)),
              limit,
            ).read,
          );
          expect(list.total).toBeUndefined();
          await list.open();
          expect(list.total).toBe(ids.length);
          while (list.hasMore) await list.loadMore();
          expect(idsOf(list)).toEqual(ids);
        },
      ),
    );
  });

  it("has a note once that was changed in the meantime and is on two pages", async () => {
    const list = new NoteList(
      ALL,
      service(
        ["a", "b", "a", "c"].map((id) => note(id)),
        2,
      ).read,
    );
    await list.open();
    await list.loadMore();
    expect(idsOf(list)).toEqual(["a", "b", "c"]);
  });

  it("is read again if something was written while it was read, and shows what it has meanwhile", async () => {
    const { promise: written, resolve: write } = Promise.withResolvers<void>();
    const shown: string[][] = [];
    const pages = [["a"], ["a", "b"]];
    const list = new NoteList(ALL, async () => {
      shown.push(idsOf(list));
      const rows = (pages.shift() ?? []).map((id) => note(id));
      await written;
      return { rows, total: rows.length, nextCursor: null };
    });
    const opened = list.open();
    list.put({ ...note("b") }, null);
    write();
    await opened;
    expect(shown).toEqual([[], ["a"]]);
    expect(idsOf(list)).toEqual(["a", "b"]);
    expect(list.total).toBe(2);
  });

  it("loads a page once, even if it is asked again before that arrives", async () => {
    const { asked, read } = service(
      ["a", "b", "c"].map((id) => note(id)),
      1,
    );
    const list = new NoteList(ALL, read);
    await Promise.all([list.open(), list.open()]);
    await Promise.all([list.loadMore(), list.loadMore(), list.loadMore()]);
    await list.open();
    expect(asked).toEqual([undefined, "1"]);
    expect(list.rows).toHaveLength(2);
  });

  it("keeps its notes if a page fails, and goes on from there", async () => {
    const { read } = service(
      ["a", "b", "c"].map((id) => note(id)),
      2,
    );
    let isDown = true;
    const list = new NoteList(ALL, (cursor) =>
      isDown ? Promise.reject(new Problem("unreachable")) : read(cursor),
    );
    await list.open();
    expect([list.problem?.code, list.isOpen]).toEqual(["unreachable", false]);

    isDown = false;
    await list.open();
    isDown = true;
    await list.loadMore();
    expect(list.problem?.code).toBe("unreachable");
    expect(list.rows).toHaveLength(2);

    isDown = false;
    await list.loadMore();
    expect(list.problem).toBeUndefined();
    expect(list.rows).toHaveLength(3);
  });
});

describe("what this tab writes", () => {
  const saved = (id: string, fields: Partial<Note> = {}) =>
    summaryOf({ ...note(id), text: "", tags: [], ...fields } as Note);
  const AT = "2026-01-01T00:00:00.000Z";
  const nowhere = { padId: null, pinnedAt: null, archivedAt: null };

  it("is where the service would list it, as far as the list is loaded", async () => {
    const names = fc.uniqueArray(
      fc.integer({ min: 0, max: 999 }).map((n) => String(n).padStart(3, "0")),
      {
        minLength: 2,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 6 }), async ([written = "", ...others], limit) => {
        const before = others.toSorted().map((id) => note(id));
        const list = new NoteList(ALL, service(before, limit).read);
        await list.open();

        list.put(saved(written), null);

        const after = [...others, written].toSorted();
        expect(idsOf(list)).toEqual(after.slice(0, list.rows.length));
        expect(list.total).toBe(after.length);
        if (before.length <= limit) expect(idsOf(list)).toEqual(after);
        list.put(saved(written), nowhere);
        list.put(saved(written), undefined);
        expect(list.total).toBe(after.length);
        list.remove(saved(written));
        expect(idsOf(list)).toEqual(others.toSorted().slice(0, list.rows.length));
        expect(list.total).toBe(others.length);
      }),
    );
  });

  it("moves to its new place when it changes", async () => {
    const read = service([note("a"), note("b"), note("c")], 9).read;
    const list = new NoteList({ order: "-updated_at" }, read);
    await list.open();
    list.put(saved("c", { updatedAt: "2026-01-02T00:00:00.000Z" }), undefined);
    expect(idsOf(list)).toEqual(["c", "a", "b"]);
  });

  it("leaves the list of a pad when it is moved out of it", async () => {
    const list = new NoteList({ pad: "p", order: "name" }, service([note("a", { padId: "p" })], 9).read);
    await list.open();
    list.put(saved("a"), { ...nowhere, padId: "p" });
    expect([idsOf(list), list.total]).toEqual([[], 0]);
    list.put(saved("b"), null);
    expect([idsOf(list), list.total]).toEqual([[], 0]);
    list.put(saved("b", { padId: "p" }), nowhere);
    expect([idsOf(list), list.total]).toEqual([["b"], 1]);
  });

  it("comes first when it is pinned, and goes when it is archived", async () => {
    const list = new NoteList(ALL, service([note("a"), note("b"), note("c")], 9).read);
    await list.open();
    list.put(saved("c", { pinnedAt: AT }), nowhere);
    list.put(saved("b", { pinnedAt: AT }), nowhere);
    expect(idsOf(list)).toEqual(["b", "c", "a"]);
    list.put(saved("b", { archivedAt: AT }), nowhere);
    expect([idsOf(list), list.total]).toEqual([["c", "a"], 2]);
  });

  it("is in the lists of its marks and tags", async () => {
    const pinned = new NoteList({ ...ALL, view: "pinned" }, service([], 9).read);
    const archive = new NoteList({ ...ALL, view: "archive" }, service([], 9).read);
    const tagged = new NoteList({ ...ALL, tag: "bread" }, service([], 9).read);
    for (const list of [pinned, archive, tagged]) await list.open();
    const put = (fields: Partial<Note>) => {
      for (const list of [pinned, archive, tagged]) list.put(saved("a", fields), undefined);
      return [pinned, archive, tagged].map((list) => list.rows.length);
    };
    expect(put({})).toEqual([0, 0, 0]);
    expect(put({ pinnedAt: AT, tags: ["rye", "bread"] })).toEqual([1, 0, 1]);
    expect(put({ pinnedAt: AT, archivedAt: AT, tags: ["bread"] })).toEqual([0, 1, 0]);
  });

  it("is looked for again by a search when that is opened next", async () => {
    const { asked, read } = service([note("a")], 9);
    const list = new NoteList({ q: "a", order: "name" }, read);
    await list.open();
    list.put(saved("a", { name: "a, renamed" }), undefined);
    expect(list.rows[0]?.name).toBe("a, renamed");
    await list.open();
    expect(asked).toHaveLength(2);
  });
});

describe("what was left of a note and is not saved", () => {
  afterEach(() => setLeftNotes([]));

  const AT = Date.parse("2026-06-01T00:00:00.000Z");
  const left = (noteId: string, text: string, version: number | null = 1) => {
    const fields = fieldsOf(byField(() => null));
    return shownOf(
      { draft: { id: noteId, userId: "u", noteId, version, fields, text, at: AT }, changes: [] },
      { question: undefined, waitsUntil: undefined },
    );
  };
  const NEWEST = { order: "-updated_at" } as const;
  const older = (id: string) => note(id, { updatedAt: "2026-01-01T00:00:00.000Z", text: `Old ${id}` });

  it("stands at its rank over what the service says, with the note's marks, as does a note that was never sent", async () => {
    const pinned = { ...older("c"), pinnedAt: "2026-01-01T00:00:00.000Z" };
    const list = new NoteList(NEWEST, service([pinned, older("b"), older("a")], 9).read);
    await list.open();
    setLeftNotes([left("a", "New a"), left("n", "Never sent", null), left("c", "New c")]);

    expect(list.shown.map(({ id, name, isLeft }) => [id, name, isLeft])).toEqual([
      ["c", "New c", true],
      ["n", "Never sent", true],
      ["a", "New a", true],
      ["b", "b", undefined],
    ]);
    expect(idsOf(list)).toEqual(["c", "b", "a"]);
    setLeftNotes([]);
    expect(list.shown).toBe(list.rows);
  });

  it("is in the lists of its tags, of its pad, and of the searches that find its words", async () => {
    setLeftNotes([left("a", "Straße nach #Lisbon")]);
    const shownIn = async (filter: object) => {
      const list = new NoteList({ ...NEWEST, ...filter }, service([], 9).read);
      await list.open();
      return list.shown.length;
    };
    for (const filter of [
      { tag: "lisbon" },
      { q: "STRASSE" },
      { q: "nach #lisbon" },
      { q: "after:2026-05 nach" },
    ])
      expect([filter, await shownIn(filter)]).toEqual([filter, 1]);
    for (const filter of [
      { tag: "porto" },
      { pad: "p" },
      { view: "pinned" },
      { q: "porto" },
      { q: "before:2026 nach" },
    ])
      expect([filter, await shownIn(filter)]).toEqual([filter, 0]);
  });
});
