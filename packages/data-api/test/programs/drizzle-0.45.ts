// A lending library kept with drizzle before its version 1. It sends what its columns say with a hint (a uuid, a decimal,
// a json, a date, a time, a timestamp) and everything else by its JavaScript type, without a cast.
import { fileURLToPath } from "node:url";
import { count, desc, eq, gt, max, relations, sql, sum } from "drizzle-orm-0.45";
import { drizzle } from "drizzle-orm-0.45/aws-data-api/pg";
import { migrate } from "drizzle-orm-0.45/aws-data-api/pg/migrator";
import {
  bigserial,
  boolean,
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
} from "drizzle-orm-0.45/pg-core";
import { SIGNER, type Target } from "./target.ts";

const genre = pgEnum("genre", ["novel", "poetry"]);

const book = pgTable("book", {
  id: uuid().primaryKey(),
  title: text().notNull().unique(),
  pages: integer().notNull(),
  weightKg: doublePrecision("weight_kg").notNull(),
  price: numeric({ precision: 10, scale: 2 }).notNull(),
  printed: date().notNull(),
  readAloudAt: time("read_aloud_at").notNull(),
  onShelf: boolean("on_shelf").notNull().default(true),
  authors: text().array().notNull(),
  details: jsonb().$type<{ shelf: string }>(),
  genre: genre(),
  addedAt: timestamp("added_at").notNull().defaultNow(),
});

const loan = pgTable("loan", {
  id: bigserial({ mode: "number" }).primaryKey(),
  bookId: uuid("book_id")
    .notNull()
    .references(() => book.id),
  member: text().notNull(),
  // As a Date it would be read in the zone of the machine.
  lentAt: timestamp("lent_at", { withTimezone: true, mode: "string" }).notNull(),
});

const schema = {
  book,
  loan,
  bookRelations: relations(book, ({ many }) => ({ loans: many(loan) })),
  loanRelations: relations(loan, ({ one }) => ({
    book: one(book, { fields: [loan.bookId], references: [book.id] }),
  })),
};

export type NewBook = typeof book.$inferInsert;

export class Library {
  readonly #db;

  constructor({ endpoint, ...cluster }: Target) {
    this.#db = drizzle({ connection: { ...cluster, endpoint, ...SIGNER }, schema });
  }

  migrate() {
    const migrationsFolder = fileURLToPath(new URL("drizzle-0.45-migrations", import.meta.url));
    return migrate(this.#db, { migrationsFolder });
  }

  addBooks(books: NewBook[]) {
    return this.#db.insert(book).values(books).returning({ title: book.title, onShelf: book.onShelf });
  }

  async book(title: string) {
    const [found] = await this.#db.select().from(book).where(eq(book.title, title));
    return found;
  }

  async titleOf(id: string) {
    const [found] = await this.#db.select({ title: book.title }).from(book).where(eq(book.id, id));
    return found?.title;
  }

  thickerThan(pages: number) {
    return this.#db
      .select({ title: book.title, pages: book.pages })
      .from(book)
      .where(gt(book.pages, pages))
      .orderBy(desc(book.pages));
  }

  async rename(id: string, title: string) {
    const { numberOfRecordsUpdated } = await this.#db.update(book).set({ title }).where(eq(book.id, id));
    return numberOfRecordsUpdated;
  }

  async discard(title: string) {
    const { numberOfRecordsUpdated } = await this.#db.delete(book).where(eq(book.title, title));
    return numberOfRecordsUpdated;
  }

  /** Takes a book from the shelf and notes the loan, or does neither. */
  lend(bookId: string, member: string, lentAt: string) {
    return this.#db.transaction(async (tx) => {
      await tx.update(book).set({ onShelf: false }).where(eq(book.id, bookId));
      const [noted] = await tx.insert(loan).values({ bookId, member, lentAt }).returning({ id: loan.id });
      return noted?.id;
    });
  }

  /** Books with their loans, in one statement that gathers them as JSON. */
  loansByBook() {
    return this.#db.query.book.findMany({
      columns: { title: true, onShelf: true },
      with: { loans: { columns: { member: true, lentAt: true } } },
      orderBy: desc(book.pages),
    });
  }

  async inventory() {
    const [all] = await this.#db
      .select({ books: count(), pages: sum(book.pages), dearest: max(book.price), newest: max(book.addedAt) })
      .from(book);
    return all;
  }

  /** A statement of one's own; its rows are objects by the names in `columnMetadata`. */
  async authors() {
    const { rows } = await this.#db.execute(
      sql`select title, unnest(authors) author from ${book} where pages > ${90} order by author`,
    );
    return rows;
  }
}
