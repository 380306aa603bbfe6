// What drizzle before its version 1 does on AWS, it does here.
import { beforeAll, describe, expect, test } from "vitest";
import { DataApi, ENGINES } from "../harness.ts";
import { Library, type NewBook } from "./drizzle-0.45.ts";
import { targetOf } from "./target.ts";

const EMMA = {
  id: "0190b6a8-0000-7000-8000-000000000001",
  title: "Emma",
  pages: 474,
  weightKg: 0.25,
  price: "12.50",
  printed: "1815-12-23",
  readAloudAt: "17:30:00",
  authors: ["Jane Austen"],
  details: { shelf: "A" },
  addedAt: new Date("2024-05-01T12:00:00.123Z"),
} satisfies NewBook;
const ODES = {
  ...EMMA,
  id: "0190b6a8-0000-7000-8000-000000000002",
  title: "Odes: five",
  pages: 96,
  authors: ['John "Junkets" Keats', "Anonymous, 2nd"],
  details: null,
} satisfies NewBook;
/** In UTC, and without an offset, which a TIMESTAMP must not have. */
const NOON = "2024-05-01 12:00:00.123456";

/** drizzle shows the statement; the server's own error is the cause. */
const failure = (cause: object) => ({
  message: expect.stringMatching(/^Failed query: /),
  cause: expect.objectContaining({ name: "DatabaseErrorException", ...cause }),
});

describe.each(ENGINES)("a program with drizzle 0.45 over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  let library: Library;
  beforeAll(async () => {
    library = new Library(targetOf(api));
    await library.migrate();
    await library.addBooks([EMMA, ODES]);
  });

  test("migrates once", async () => {
    await library.migrate();
    const { records } = await api.execute("select count(*) from drizzle.__drizzle_migrations");
    expect(records).toEqual([[{ longValue: 1 }]]);
  });

  test("reads each kind of value as it was put in", async () => {
    expect(await library.book("Emma")).toEqual({ ...EMMA, onShelf: true, genre: null });
    expect(await library.book("Odes: five")).toEqual({ ...ODES, onShelf: true, genre: null });
    expect(await library.book("Persuasion")).toBeUndefined();
  });

  test("finds a uuid by its hint", async () => {
    expect(await library.titleOf(ODES.id)).toBe("Odes: five");
  });

  test("filters, orders and adds up", async () => {
    expect(await library.thickerThan(90)).toEqual([
      { title: "Emma", pages: 474 },
      { title: "Odes: five", pages: 96 },
    ]);
    expect(await library.inventory()).toEqual({
      books: 2,
      pages: "570",
      dearest: "12.50",
      newest: EMMA.addedAt,
    });
  });

  test("has the rows of a statement of its own by the names in the metadata", async () => {
    expect(await library.authors()).toEqual([
      { title: "Odes: five", author: "Anonymous, 2nd" },
      { title: "Emma", author: "Jane Austen" },
      { title: "Odes: five", author: 'John "Junkets" Keats' },
    ]);
  });

  test("has the rows that RETURNING gives, and the counts of other changes", async () => {
    const lamia = { ...ODES, id: "0190b6a8-0000-7000-8000-000000000003", title: "Lamia" };
    expect(await library.addBooks([lamia])).toEqual([{ title: "Lamia", onShelf: true }]);
    expect(await library.rename(lamia.id, "Lamia, a poem")).toBe(1);
    expect(await library.discard("Lamia")).toBe(0);
    expect(await library.discard("Lamia, a poem")).toBe(1);
  });

  test("commits a transaction, rolls back one that fails, and gathers what is related", async () => {
    expect(await library.lend(EMMA.id, "ann", NOON)).toBe(1);
    await expect(library.lend(ODES.id, "", NOON)).rejects.toMatchObject(
      failure({ message: expect.stringContaining("SQLState: 23514") }),
    );
    expect(await library.loansByBook()).toEqual([
      {
        title: "Emma",
        onShelf: false,
        loans: [{ member: "ann", lentAt: "2024-05-01T12:00:00.123456+00:00" }],
      },
      { title: "Odes: five", onShelf: true, loans: [] },
    ]);
  });

  test("recognises a duplicate by its SQLState", async () => {
    await expect(library.addBooks([EMMA])).rejects.toMatchObject(
      failure({
        message: 'ERROR: duplicate key value violates unique constraint "book_pkey"; SQLState: 23505',
      }),
    );
  });

  test("fails to put an enum in, as there: it sends a text and writes no cast [live]", async () => {
    const novel = {
      ...EMMA,
      id: "0190b6a8-0000-7000-8000-000000000004",
      title: "Persuasion",
      genre: "novel",
    };
    await expect(library.addBooks([novel as NewBook])).rejects.toMatchObject(
      failure({
        message: expect.stringMatching(
          /^ERROR: column "genre" is of type genre but expression is of type text; .*SQLState: 42804$/,
        ),
      }),
    );
  });
});
