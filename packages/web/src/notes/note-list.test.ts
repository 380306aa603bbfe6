import { Problem } from "@notejam/client/problem";
import type { NotePage, NoteSummary } from "@notejam/core/note/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterOf, openNoteList } from "./note-list.ts";

/** The list looks at nothing else of a note. */
function note(id: string): NoteSummary {
  return { id } as NoteSummary;
}

/** A service with notes in the order of `ids`. The cursor is the number of notes before the page. */
function service(ids: readonly string[], limit: number) {
  const asked: (string | undefined)[] = [];
  const read = async (cursor: string | undefined): Promise<NotePage> => {
    asked.push(cursor);
    const start = Number(cursor ?? 0);
    const end = start + limit;
    const nextCursor = end < ids.length ? String(end) : null;
    return { notes: ids.slice(start, end).map(note), total: ids.length, nextCursor };
  };
  return { asked, read };
}

describe("a list of notes", () => {
  it("has each note once, and the total from the first page on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.uuid(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (ids, limit) => {
          const list = await openNoteList(service(ids, limit).read);
          expect(list.total()).toBe(ids.length);
          while (list.hasMore()) await list.loadMore();
          expect(list.notes().map(({ id }) => id)).toEqual(ids);
        },
      ),
    );
  });

  it("has a note once that was changed in the meantime and is on two pages", async () => {
    const { read } = service(["a", "b", "a", "c"], 2);
    const list = await openNoteList(read);
    await list.loadMore();
    expect(list.notes().map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });

  it("loads a page once, even if it is asked again before that arrives", async () => {
    const { asked, read } = service(["a", "b", "c"], 1);
    const list = await openNoteList(read);
    await Promise.all([list.loadMore(), list.loadMore(), list.loadMore()]);
    expect(asked).toEqual([undefined, "1"]);
    expect(list.notes()).toHaveLength(2);
  });

  it("keeps its notes if a page fails, and goes on from there", async () => {
    const { read } = service(["a", "b", "c"], 2);
    let isDown = false;
    const list = await openNoteList((cursor) =>
      isDown ? Promise.reject(new Problem("unreachable")) : read(cursor),
    );

    isDown = true;
    await list.loadMore();
    expect(list.problem()?.code).toBe("unreachable");
    expect(list.notes()).toHaveLength(2);
    expect(list.isLoading()).toBe(false);

    isDown = false;
    await list.loadMore();
    expect(list.problem()).toBeUndefined();
    expect(list.notes()).toHaveLength(3);
  });
});

describe("the filter in an address", () => {
  it("sorts by last modified, newest first, unless the address has a valid order", () => {
    expect(filterOf({}).order).toBe("-updated_at");
    expect(filterOf({ order: "size" }).order).toBe("-updated_at");
    expect(filterOf({ order: ["name", "-name"] }).order).toBe("-updated_at");
    expect(filterOf({ order: "-name" }).order).toBe("-name");
  });

  it("has no empty search, and cuts one that is too long for the API between characters", () => {
    expect(filterOf({ q: "" })).not.toHaveProperty("q");
    expect(filterOf({ q: "😀".repeat(201) }).q).toBe("😀".repeat(200));
  });
});
