// A lending library kept with drizzle 1, which casts what it sends to the types of its columns, and gives JSON a hint where
// it has no column.
import { fileURLToPath } from "node:url";
import { count, defineRelations, desc, eq, gt, inArray, isNull, max, sql, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/aws-data-api/pg";
import { migrate } from "drizzle-orm/aws-data-api/pg/migrator";
import {
  bigint,
  boolean,
  bytea,
  date,
  doublePrecision,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  text,
  time,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { SIGNER, type Target } from "./target.ts";

const genre = pgEnum("genre", ["novel", "poetry"]);

const book = pgTable("book", {
  id: uuid().primaryKey(),
  title: text().notNull().unique(),
  pages: integer().notNull(),
  weightKg: doublePrecision("weight_kg").notNull(),
  price: numeric({ precision: 10, scale: 2 }).notNull(),
  barcode: bigint({ mode: "bigint" }).notNull(),
  printed: date().notNull(),
  readAloudAt: time("read_aloud_at").notNull(),
  onShelf: boolean("on_shelf").notNull().default(true),
  authors: text().array().notNull(),
  genre: genre().notNull(),
  themes: genre().array().notNull(),
  details: jsonb().$type<{ shelf: string }>(),
  cover: bytea(),
  addedAt: timestamp("added_at", { withTimezone: true }).notNull(),
});

const loan = pgTable("loan", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  bookId: uuid("book_id")
    .notNull()
    .references(() => book.id),
  member: text().notNull(),
  lentAt: timestamp("lent_at", { withTimezone: true }).notNull(),
  returnedAt: timestamp("returned_at", { withTimezone: true }),
});

const relations = defineRelations({ book, loan }, (r) => ({
  book: { loans: r.many.loan() },
  loan: { book: r.one.book({ from: r.loan.bookId, to: r.book.id }) },
}));

export type NewBook = typeof book.$inferInsert;

export class Library {
  readonly #db;
  readonly #titleOf;

  constructor({ endpoint, ...cluster }: Target) {
    this.#db = drizzle({ connection: { ...cluster, endpoint, ...SIGNER }, relations });
    // The one value that gets no cast from its column is a placeholder's.
    this.#titleOf = this.#db
      .select({ title: book.title })
      .from(book)
      .where(eq(book.id, sql`${sql.placeholder("id")}::uuid`))
      .prepare("title_of");
  }

  migrate() {
    const migrationsFolder = fileURLToPath(new URL("drizzle-1.0-migrations", import.meta.url));
    return migrate(this.#db, { migrationsFolder });
  }

  addBooks(books: NewBook[]) {
    return this.#db.insert(book).values(books).returning({ title: book.title, onShelf: book.onShelf });
  }

  async book(title: string) {
    const [found] = await this.#db.select().from(book).where(eq(book.title, title));
    return found;
  }

  /** One prepared statement for all of them, at the same time. */
  async titlesOf(ids: readonly string[]) {
    const found = await Promise.all(ids.map((id) => this.#titleOf.execute({ id })));
    return found.map(([first]) => first?.title);
  }

  /** Of a genre, added until then, the thickest first. */
  titles(of: "novel" | "poetry", until: Date) {
    return this.#db
      .select({ title: book.title, pages: book.pages })
      .from(book)
      .where(sql`${eq(book.genre, of)} and ${book.addedAt} <= ${until.toISOString()}::timestamptz`)
      .orderBy(desc(book.pages));
  }

  async inventory() {
    const [all] = await this.#db
      .select({
        books: count(),
        pages: sum(book.pages),
        dearest: max(book.price),
        titles: sql<string[]>`array_agg(${book.title} order by ${book.pages})`,
        pageCounts: sql<number[]>`array_agg(${book.pages} order by ${book.pages})`,
      })
      .from(book);
    return all;
  }

  async rename(id: string, title: string) {
    const { numberOfRecordsUpdated } = await this.#db.update(book).set({ title }).where(eq(book.id, id));
    return numberOfRecordsUpdated;
  }

  async discard(titles: string[]) {
    const { numberOfRecordsUpdated } = await this.#db.delete(book).where(inArray(book.title, titles));
    return numberOfRecordsUpdated;
  }

  /** Takes a book from the shelf and notes the loan, or does neither. */
  lend(bookId: string, member: string, lentAt: Date) {
    return this.#db.transaction(async (tx) => {
      await tx.update(book).set({ onShelf: false }).where(eq(book.id, bookId));
      const [noted] = await tx.insert(loan).values({ bookId, member, lentAt }).returning({ id: loan.id });
      return noted?.id;
    });
  }

  /** Lends each book that it can: a loan that fails is rolled back to its savepoint. @returns the members who have one */
  lendAll(loans: { bookId: string; member: string; lentAt: Date }[]) {
    return this.#db.transaction(async (tx) => {
      const members: string[] = [];
      for (const wanted of loans) {
        await tx
          .transaction((savepoint) => savepoint.insert(loan).values(wanted))
          .then(() => members.push(wanted.member))
          .catch(() => undefined);
      }
      return members;
    });
  }

  /** Lends every book thicker than that, in one statement. */
  async lendThickerThan(pages: number, member: string, lentAt: Date) {
    const { numberOfRecordsUpdated } = await this.#db.insert(loan).select((query) =>
      query
        .select({
          bookId: book.id,
          member: sql<string>`${member}`.as("member"),
          lentAt: sql<Date>`${lentAt.toISOString()}::timestamptz`.as("lent_at"),
        })
        .from(book)
        .where(gt(book.pages, pages)),
    );
    return numberOfRecordsUpdated;
  }

  async takeBackAll(returnedAt: Date) {
    const { numberOfRecordsUpdated } = await this.#db
      .update(loan)
      .set({ returnedAt })
      .where(isNull(loan.returnedAt));
    return numberOfRecordsUpdated;
  }

  /** Books with their loans, in one statement that gathers them as JSON. */
  loansByBook() {
    return this.#db.query.book.findMany({
      columns: { title: true, onShelf: true },
      with: { loans: { columns: { member: true, lentAt: true, returnedAt: true } } },
      orderBy: { pages: "desc" },
    });
  }

  /** A statement of one's own; its rows are objects by the names in `columnMetadata`. */
  async onShelves(shelves: { shelf: string }) {
    const { rows } = await this.#db.execute(
      sql`select title, details from ${book} where details @> ${shelves}::jsonb order by title`,
    );
    return rows;
  }
}
