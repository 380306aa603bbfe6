// A lending library kept with kysely and kysely-data-api, which binds a value by its JavaScript type (or by a hint, where
// the value is written with one), and reads a result by the type names of its `columnMetadata`.
import { RDSData } from "@aws-sdk/client-rds-data";
import { type ColumnType, type Generated, Kysely, Migrator, sql } from "kysely";
import { DataApiDialect } from "kysely-data-api";
import { SIGNER, type Target } from "./target.ts";

/** A value with its hint, in the form that kysely-data-api passes on. */
interface Hinted {
  typeHint: "DATE" | "DECIMAL" | "JSON" | "TIME" | "UUID";
  value: { stringValue: string };
}

const hinted = (typeHint: Hinted["typeHint"], stringValue: string): Hinted => ({
  typeHint,
  value: { stringValue },
});

interface BookTable {
  id: ColumnType<string, Hinted, never>;
  title: string;
  pages: number;
  weight_kg: number;
  price: ColumnType<string, Hinted, Hinted>;
  printed: ColumnType<Date, Hinted>;
  read_aloud_at: ColumnType<string, Hinted>;
  on_shelf: Generated<boolean>;
  cover: ColumnType<Uint8Array | null, Buffer | null>;
  details: ColumnType<{ genre: string }, Hinted>;
  barcode: ColumnType<number, bigint>;
  added_at: Generated<Date>;
}

interface LoanTable {
  id: Generated<number>;
  book_id: ColumnType<string, Hinted, never>;
  member: string;
  lent_at: Date;
  returned_at: Date | null;
}

interface Tables {
  book: BookTable;
  loan: LoanTable;
}

export interface NewBook {
  id: string;
  title: string;
  pages: number;
  weightKg: number;
  price: string;
  printed: string;
  readAloudAt: string;
  cover: Buffer | null;
  genre: string;
  barcode: bigint;
}

export class Library {
  readonly #db: Kysely<Tables>;

  constructor({ endpoint, ...cluster }: Target) {
    const client = new RDSData({ endpoint, ...SIGNER });
    this.#db = new Kysely({
      dialect: new DataApiDialect({ mode: "postgres", driver: { client, ...cluster } }),
    });
  }

  /** kysely's migrator looks for its tables in the catalogue, and takes an advisory lock in its transaction. */
  migrate() {
    const provider = { getMigrations: async () => ({ "2024-05-01": { up: createTables } }) };
    return new Migrator({ db: this.#db, provider }).migrateToLatest();
  }

  tables() {
    return this.#db.introspection.getTables();
  }

  addBooks(books: readonly NewBook[]) {
    const rows = books.map(({ id, title, pages, weightKg, price, cover, barcode, ...book }) => ({
      id: hinted("UUID", id),
      title,
      pages,
      weight_kg: weightKg,
      price: hinted("DECIMAL", price),
      printed: hinted("DATE", book.printed),
      read_aloud_at: hinted("TIME", book.readAloudAt),
      cover,
      details: hinted("JSON", JSON.stringify({ genre: book.genre })),
      barcode,
    }));
    return this.#db.insertInto("book").values(rows).returning(["title", "on_shelf"]).execute();
  }

  book(title: string) {
    return this.#db.selectFrom("book").selectAll().where("title", "=", title).executeTakeFirstOrThrow();
  }

  titleOf(id: string) {
    return this.#db.selectFrom("book").select("title").where("id", "=", uuid(id)).executeTakeFirst();
  }

  /** As one would write it for another driver. */
  titleOfUncast(id: string) {
    return this.#db.selectFrom("book").select("title").where("id", "=", id).executeTakeFirst();
  }

  thickerThan(pages: number) {
    return this.#db
      .selectFrom("book")
      .select(["title", "pages"])
      .where("pages", ">", pages)
      .where("on_shelf", "=", true)
      .orderBy("pages", "desc")
      .execute();
  }

  reprice(genre: string, price: string) {
    return this.#db
      .updateTable("book")
      .set({ price: hinted("DECIMAL", price) })
      .where(sql`details ->> 'genre'`, "=", genre)
      .executeTakeFirst();
  }

  discard(title: string) {
    return this.#db.deleteFrom("book").where("title", "=", title).executeTakeFirst();
  }

  /** Takes a book from the shelf and notes the loan, or does neither. */
  lend(bookId: string, member: string, lentAt: Date) {
    return this.#db.transaction().execute(async (tx) => {
      const { title } = await tx
        .updateTable("book")
        .set({ on_shelf: false })
        .where("id", "=", uuid(bookId))
        .returning("title")
        .executeTakeFirstOrThrow();
      await tx
        .insertInto("loan")
        .values({ book_id: hinted("UUID", bookId), member, lent_at: lentAt, returned_at: null })
        .execute();
      return title;
    });
  }

  loans() {
    return this.#db
      .selectFrom("loan")
      .innerJoin("book", "book.id", "loan.book_id")
      .select(["member", "title", "lent_at", "returned_at"])
      .orderBy("lent_at")
      .execute();
  }

  inventory() {
    return this.#db
      .selectFrom("book")
      .select(({ fn }) => [
        fn.countAll<number>().as("books"),
        fn.sum<number>("pages").as("pages"),
        fn.sum<string>("price").as("worth"),
        fn.max("added_at").as("newest"),
        sql<string[]>`array_agg(title order by pages)`.as("titles"),
        sql<number[]>`array_agg(pages order by pages)`.as("page_counts"),
      ])
      .executeTakeFirstOrThrow();
  }

  /** The unit is written once and bound twice. */
  loansBy(unit: string) {
    const period = sql<Date>`date_trunc(${unit}, lent_at)`;
    return this.#db
      .selectFrom("loan")
      .select(({ fn }) => [period.as("period"), fn.countAll<number>().as("loans")])
      .groupBy(period)
      .execute();
  }
}

const uuid = (text: string) => sql<string>`${text}::uuid`;

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("book")
    .addColumn("id", "uuid", (column) => column.primaryKey())
    .addColumn("title", "varchar(80)", (column) => column.notNull())
    .addColumn("pages", "integer", (column) => column.notNull())
    .addColumn("weight_kg", "double precision", (column) => column.notNull())
    .addColumn("price", "numeric(10, 2)", (column) => column.notNull())
    .addColumn("printed", "date", (column) => column.notNull())
    .addColumn("read_aloud_at", "time", (column) => column.notNull())
    .addColumn("on_shelf", "boolean", (column) => column.notNull().defaultTo(true))
    .addColumn("cover", "bytea")
    .addColumn("details", "jsonb", (column) => column.notNull())
    .addColumn("barcode", "bigint", (column) => column.notNull().unique())
    .addColumn("added_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema
    .createTable("loan")
    .addColumn("id", "serial", (column) => column.primaryKey())
    .addColumn("book_id", "uuid", (column) => column.notNull().references("book.id"))
    .addColumn("member", "text", (column) => column.notNull())
    .addColumn("lent_at", "timestamptz", (column) => column.notNull())
    .addColumn("returned_at", "timestamptz")
    .addCheckConstraint("loan_has_member", sql`member <> ''`)
    .execute();
}
