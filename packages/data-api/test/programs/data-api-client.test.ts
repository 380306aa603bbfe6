// What data-api-client does on AWS, it does here.
import { beforeAll, describe, expect, test, vi } from "vitest";
import { DataApi, ENGINES } from "../harness.ts";
import { Library, type NewBook } from "./data-api-client.ts";
import { targetOf } from "./target.ts";

const EMMA: NewBook = {
  id: "0190b6a8-0000-7000-8000-000000000001",
  title: "Emma",
  pages: 474,
  weightKg: 0.25,
  price: "12.50",
  genres: ["novel", "satire"],
  onShelf: true,
  cover: Buffer.from([0, 127, 255]),
  addedAt: new Date("2024-05-01T12:00:00.123Z"),
};
const ODES: NewBook = {
  ...EMMA,
  id: "0190b6a8-0000-7000-8000-000000000002",
  title: "Odes: five",
  pages: 96,
  cover: null,
};

describe.each(ENGINES)("a program with data-api-client over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  let library: Library;
  beforeAll(async () => {
    library = new Library(targetOf(api));
    await library.createTables();
    expect(await library.addBooks([EMMA, ODES])).toEqual({ updateResults: [{}, {}] });
  });

  test("reads each kind of value as it was put in, and dates by their type", async () => {
    expect(await library.book("Emma")).toEqual({
      id: EMMA.id,
      title: "Emma",
      pages: 474,
      weight_kg: 0.25,
      price: "12.50",
      genres: '["novel","satire"]',
      on_shelf: true,
      cover: Buffer.from([0, 127, 255]),
      added_at: EMMA.addedAt,
    });
    expect(await library.book("Odes: five")).toMatchObject({ cover: null });
    expect(await library.book("Persuasion")).toBeUndefined();
  });

  test("filters and orders, with the metadata that it asked for", async () => {
    const { records, columnMetadata } = await library.thickerThan(90);
    expect(records).toEqual([
      { title: "Emma", pages: 474 },
      { title: "Odes: five", pages: 96 },
    ]);
    expect(columnMetadata).toMatchObject([
      { label: "title", typeName: "varchar", precision: 80, tableName: "book", nullable: 0 },
      { label: "pages", typeName: "int4", precision: 10, tableName: "book", nullable: 0 },
    ]);
  });

  test("adds up: long, decimal, double and arrays", async () => {
    expect((await library.inventory()).records).toEqual([
      [2, 570, "25.00", 0.25, { stringValues: ["Emma", "Odes: five"] }, { longValues: [474, 96] }],
    ]);
  });

  test("compares a uuid with a cast, and fails without one", async () => {
    expect(await library.titleOf(ODES.id)).toEqual({ records: [{ title: "Odes: five" }] });
    await expect(library.titleOfUncast(ODES.id)).rejects.toMatchObject({
      code: "DatabaseErrorException",
      message: expect.stringMatching(/^ERROR: operator does not exist: uuid = text; .*SQLState: 42883$/),
    });
  });

  test("has the counts of changes", async () => {
    const lamia = { ...ODES, id: "0190b6a8-0000-7000-8000-000000000003", title: "Lamia" };
    expect(await library.addBook(lamia)).toEqual({ numberOfRecordsUpdated: 1 });
    expect(await library.discard("Lamia")).toEqual({ numberOfRecordsUpdated: 1 });
    expect(await library.discard("Lamia")).toEqual({ numberOfRecordsUpdated: 0 });
  });

  test("commits a transaction, and rolls back one that fails", async () => {
    const told = vi.fn();
    expect(await library.lend(EMMA.id, "ann", "2024-05-01", told)).toEqual([
      { records: [{ title: "Emma" }] },
      { records: [{ id: 1 }] },
      { transactionStatus: "Transaction Committed" },
    ]);
    expect(told).not.toHaveBeenCalled();

    const failure = { message: expect.stringContaining("SQLState: 23514") };
    await expect(library.lend(ODES.id, "", "2024-05-01", told)).rejects.toMatchObject(failure);
    expect(told).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(failure), {
      transactionStatus: "Rollback Complete",
    });
    expect((await library.thickerThan(0)).records).toEqual([{ title: "Odes: five", pages: 96 }]);
    expect(await library.loans()).toEqual([
      { id: 1, member: "ann", title: "Emma", lent_on: new Date("2024-05-01") },
    ]);
  });

  test("recognises a duplicate by its SQLState", async () => {
    await expect(library.addBook(EMMA)).rejects.toMatchObject({
      code: "DatabaseErrorException",
      statusCode: 400,
      message: 'ERROR: duplicate key value violates unique constraint "book_pkey"; SQLState: 23505',
    });
  });
});
