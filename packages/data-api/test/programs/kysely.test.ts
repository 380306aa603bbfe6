// What kysely-data-api does on AWS, it does here.
import { beforeAll, describe, expect, test } from "vitest";
import { DataApi, ENGINES } from "../harness.ts";
import { Library, type NewBook } from "./kysely.ts";
import { targetOf } from "./target.ts";

const EMMA: NewBook = {
  id: "0190b6a8-0000-7000-8000-000000000001",
  title: "Emma",
  pages: 474,
  weightKg: 0.25,
  price: "12.50",
  printed: "1815-12-23",
  readAloudAt: "17:30",
  cover: Buffer.from([0, 127, 255]),
  genre: "novel",
  barcode: 9_780_141_439_587n,
};
const ODES: NewBook = {
  ...EMMA,
  id: "0190b6a8-0000-7000-8000-000000000002",
  title: "Odes: five",
  pages: 96,
  cover: null,
  genre: "poetry",
  barcode: 9_780_140_424_386n,
};
const NOON = new Date("2024-05-01T12:00:00.123Z");

describe.each(ENGINES)("a program with kysely-data-api over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  let library: Library;
  beforeAll(async () => {
    library = new Library(targetOf(api));
    expect(await library.migrate()).toMatchObject({ results: [{ status: "Success" }] });
    await library.addBooks([EMMA, ODES]);
  });

  test("migrates once, and sees its tables in the catalogue", async () => {
    expect(await library.migrate()).toEqual({ results: [] });
    const [book, loan] = await library.tables();
    expect(book?.columns.map(({ name, dataType }) => `${name} ${dataType}`)).toContain("details jsonb");
    expect(loan?.columns[0]).toMatchObject({ name: "id", isAutoIncrementing: true, isNullable: false });
  });

  test("reads each kind of value as it was put in", async () => {
    expect(await library.book("Emma")).toEqual({
      id: EMMA.id,
      title: "Emma",
      pages: 474,
      weight_kg: 0.25,
      price: "12.50",
      printed: new Date("1815-12-23"),
      read_aloud_at: "17:30:00",
      on_shelf: true,
      cover: new Uint8Array([0, 127, 255]),
      details: { genre: "novel" },
      barcode: 9_780_141_439_587,
      added_at: expect.any(Date),
    });
    expect(await library.book("Odes: five")).toMatchObject({ cover: null });
  });

  test("filters, orders and adds up", async () => {
    expect(await library.thickerThan(90)).toEqual([
      { title: "Emma", pages: 474 },
      { title: "Odes: five", pages: 96 },
    ]);
    expect(await library.thickerThan(474)).toEqual([]);
    expect(await library.inventory()).toEqual({
      books: 2,
      pages: 570,
      worth: "25.00",
      newest: expect.any(Date),
      titles: ["Odes: five", "Emma"],
      page_counts: [96, 474],
    });
  });

  test("compares a uuid with a cast, and fails without one", async () => {
    expect(await library.titleOf(ODES.id)).toEqual({ title: "Odes: five" });
    await expect(library.titleOfUncast(ODES.id)).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: expect.stringMatching(/^ERROR: operator does not exist: uuid = text; .*SQLState: 42883$/),
    });
  });

  test("has the rows that RETURNING gives, and the counts of other changes", async () => {
    const third = { ...ODES, id: "0190b6a8-0000-7000-8000-000000000003", title: "Lamia", barcode: 1n };
    expect(await library.addBooks([third])).toEqual([{ title: "Lamia", on_shelf: true }]);
    expect(await library.reprice("poetry", "7.25")).toMatchObject({ numUpdatedRows: 2n });
    expect(await library.discard("Lamia")).toEqual({ numDeletedRows: 1n });
    expect(await library.discard("Lamia")).toEqual({ numDeletedRows: 0n });
    await library.reprice("poetry", "12.50");
  });

  test("commits a transaction, and rolls back one that fails", async () => {
    expect(await library.lend(EMMA.id, "ann", NOON)).toBe("Emma");
    await expect(library.lend(ODES.id, "", NOON)).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 23514"),
    });
    expect(await library.loans()).toEqual([
      { member: "ann", title: "Emma", lent_at: NOON, returned_at: null },
    ]);
    expect(await library.thickerThan(0)).toEqual([{ title: "Odes: five", pages: 96 }]);
  });

  test("recognises a duplicate by its SQLState", async () => {
    await expect(library.addBooks([EMMA])).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: 'ERROR: duplicate key value violates unique constraint "book_pkey"; SQLState: 23505',
    });
  });

  test("binds a value that it writes twice as two, which GROUP BY doesn't take for one [live]", async () => {
    await expect(library.loansBy("day")).rejects.toMatchObject({
      message: expect.stringContaining("SQLState: 42803"),
    });
  });
});
