import { Problem } from "@notejam/client/problem";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Page, Paged } from "./paged.ts";

/** A service with these rows. The cursor is the number of rows before the page. */
function service(rows: readonly number[], limit: number) {
  return async (cursor: string | undefined): Promise<Page<number>> => {
    const start = Number(cursor ?? 0);
    const end = start + limit;
    return {
      rows: rows.slice(start, end),
      nextCursor: end < rows.length ? String(end) : null,
      ...(cursor === undefined && { total: rows.length }),
    };
  };
}

const itself = (row: number) => row;

describe("what comes page by page", () => {
  it("is there once, in order, with its total from the first page on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, limit) => {
          const paged = new Paged(service(rows, limit), itself);
          expect(paged.isOpen).toBe(false);
          await paged.loadMore();
          expect(paged.total).toBe(rows.length);
          while (paged.hasMore) await Promise.all([paged.loadMore(), paged.loadMore()]);
          expect(paged.rows).toEqual(rows);
          expect(paged.total).toBe(rows.length);
        },
      ),
    );
  });

  it("has a row once that moved onto another page in the meantime", async () => {
    const paged = new Paged(service([1, 2, 1, 3], 2), itself);
    await paged.loadMore();
    await paged.loadMore();
    expect(paged.rows).toEqual([1, 2, 3]);
  });

  it("keeps what is loaded when the next page fails, and goes on from there", async () => {
    let isDown = false;
    const read = service([1, 2, 3], 2);
    const paged = new Paged((cursor: string | undefined) => {
      if (isDown) throw new Problem("unreachable");
      return read(cursor);
    }, itself);
    await paged.loadMore();
    isDown = true;
    await paged.loadMore();
    expect(paged.problem?.code).toBe("unreachable");
    expect(paged.rows).toEqual([1, 2]);
    isDown = false;
    await paged.loadMore();
    expect(paged.problem).toBeUndefined();
    expect(paged.rows).toEqual([1, 2, 3]);
  });

  it("shows a row no longer that was taken away, and counts it no longer", async () => {
    const paged = new Paged(service([1, 2, 3], 3), itself);
    await paged.loadMore();
    paged.remove(2);
    paged.remove(2);
    expect(paged.rows).toEqual([1, 3]);
    expect(paged.total).toBe(2);
  });

  it("shows no answer that was given up", async () => {
    const answers: ((page: Page<number>) => void)[] = [];
    const paged = new Paged(() => new Promise<Page<number>>((answer) => answers.push(answer)), itself);
    const given = paged.loadMore();
    const again = paged.reload();
    answers[1]?.({ rows: [2], nextCursor: null });
    await again;
    answers[0]?.({ rows: [1], nextCursor: "more" });
    await given;
    expect(paged.rows).toEqual([2]);
    expect(paged.hasMore).toBe(false);
  });
});
