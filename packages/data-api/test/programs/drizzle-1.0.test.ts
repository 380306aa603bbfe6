// What drizzle 1 does on AWS, it does here.
import { beforeAll, describe, expect, test } from "vitest";
import { DataApi, ENGINES } from "../harness.ts";
import { Library, type NewBook } from "./drizzle-1.0.ts";
import { targetOf } from "./target.ts";

const EMMA = {
  id: "0190b6a8-0000-7000-8000-000000000001",
  title: "Emma",
  pages: 474,
  weightKg: 0.25,
  price: "12.50",
  barcode: 9_223_372_036_854_775_807n,
  printed: "1815-12-23",
  readAloudAt: "17:30:00",
  authors: ["Jane Austen"],
  genre: "novel",
  themes: ["novel", "poetry"],
  details: { shelf: "A" },
  cover: Buffer.from([0, 127, 255]),
  addedAt: new Date("2024-05-01T12:00:00.123Z"),
} satisfies NewBook;
const ODES = {
  ...EMMA,
  id: "0190b6a8-0000-7000-8000-000000000002",
  title: "Odes: five",
  pages: 96,
  authors: ['John "Junkets" Keats', "Anonymous, 2nd"],
  genre: "poetry",
  themes: [],
  details: null,
  cover: null,
} satisfies NewBook;
const NOON = new Date("2024-05-01T12:00:00.123Z");
const EVENING = new Date("2024-05-01T18:30:00Z");

/** drizzle shows the statement; the server's own error is the cause. */
const failure = (message: unknown) => ({
  message: expect.stringMatching(/^Failed query: /),
  cause: expect.objectContaining({ name: "DatabaseErrorException", message }),
});

describe.each(ENGINES)("a program with drizzle 1 over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  let library: Library;
  beforeAll(async () => {
    library = new Library(targetOf(api));
    await library.migrate();
    await library.addBooks([EMMA, ODES]);
  });

  test("migrates once", async () => {
    await library.migrate();
    const { records } = await api.execute("select name from drizzle.__drizzle_migrations");
    expect(records).toEqual([[{ stringValue: "20240501120000_library" }]]);
  });

  test("reads each kind of value as it was put in: 64 bits, decimals, enums, arrays, bytes, moments", async () => {
    expect(await library.book("Emma")).toEqual({ ...EMMA, onShelf: true });
    expect(await library.book("Odes: five")).toEqual({ ...ODES, onShelf: true });
    expect(await library.book("Persuasion")).toBeUndefined();
  });

  test("runs a prepared statement with several values at the same time", async () => {
    const ids = [EMMA.id, ODES.id, "0190b6a8-0000-7000-8000-00000000ffff", EMMA.id];
    expect(await library.titlesOf(ids)).toEqual(["Emma", "Odes: five", undefined, "Emma"]);
  });

  test("filters, orders and adds up", async () => {
    expect(await library.titles("novel", NOON)).toEqual([{ title: "Emma", pages: 474 }]);
    expect(await library.titles("novel", new Date(NOON.getTime() - 1))).toEqual([]);
    expect(await library.inventory()).toEqual({
      books: 2,
      pages: "570",
      dearest: "12.50",
      titles: ["Odes: five", "Emma"],
      pageCounts: [96, 474],
    });
  });

  test("sends an object as JSON, and has rows by the names in the metadata", async () => {
    expect(await library.onShelves({ shelf: "A" })).toEqual([{ title: "Emma", details: '{"shelf":"A"}' }]);
  });

  test("has the rows that RETURNING gives, and the counts of other changes", async () => {
    const lamia = { ...ODES, id: "0190b6a8-0000-7000-8000-000000000003", title: "Lamia" };
    expect(await library.addBooks([lamia])).toEqual([{ title: "Lamia", onShelf: true }]);
    expect(await library.rename(lamia.id, "Lamia, a poem")).toBe(1);
    expect(await library.discard(["Lamia", "Isabella"])).toBe(0);
    expect(await library.discard(["Lamia, a poem", "Isabella"])).toBe(1);
  });

  test("commits a transaction, rolls back one that fails, and gathers what is related", async () => {
    expect(await library.lend(EMMA.id, "ann", NOON)).toBe(1);
    await expect(library.lend(ODES.id, "", NOON)).rejects.toMatchObject(
      failure(expect.stringContaining("SQLState: 23514")),
    );
    expect(await library.loansByBook()).toEqual([
      { title: "Emma", onShelf: false, loans: [{ member: "ann", lentAt: NOON, returnedAt: null }] },
      { title: "Odes: five", onShelf: true, loans: [] },
    ]);
    expect(await library.takeBackAll(EVENING)).toBe(1);
  });

  test("goes on after a nested transaction that fails", async () => {
    const wanted = ["", "ben"].map((member) => ({ bookId: ODES.id, member, lentAt: NOON }));
    expect(await library.lendAll(wanted)).toEqual(["ben"]);
    expect(await library.takeBackAll(EVENING)).toBe(1);
  });

  test("inserts what it selects", async () => {
    expect(await library.lendThickerThan(90, "cy", NOON)).toBe(2);
    expect(await library.takeBackAll(EVENING)).toBe(2);
  });

  test("recognises a duplicate by its SQLState", async () => {
    await expect(library.addBooks([EMMA])).rejects.toMatchObject(
      failure('ERROR: duplicate key value violates unique constraint "book_pkey"; SQLState: 23505'),
    );
  });
});
