// A lending library kept with data-api-client and version 2 of the AWS SDK. The client sends a value by its JavaScript
// type, writes `:id::uuid` for a parameter that is given with a cast, and reads dates by the names in `columnMetadata`.
import { createRequire } from "node:module";
import { SIGNER, type Target } from "./target.ts";

const require = createRequire(import.meta.url);
// The SDK says a moment after it is loaded that it is maintained no longer; this is how it asks to be silenced.
require("aws-sdk/lib/maintenance_mode_message").suppress = true;
const dataApiClient: (options: object) => Client = require("data-api-client");

/** What is used of the client, which has no types of its own. */
interface Client {
  query(sql: string, parameters?: object): Promise<Result>;
  query(options: { sql: string; parameters?: object; [option: string]: unknown }): Promise<Result>;
  transaction(): Transaction;
}

interface Transaction {
  query(sql: string, parameters?: object): Transaction;
  query(next: (previous: Result) => { sql: string; parameters?: object }): Transaction;
  rollback(told: (error: Error, status: object) => void): Transaction;
  commit(): Promise<object[]>;
}

interface Result {
  records?: Record<string, unknown>[];
  numberOfRecordsUpdated?: number;
  updateResults?: object[];
  columnMetadata?: { label: string; typeName: string }[];
}

export interface NewBook {
  id: string;
  title: string;
  pages: number;
  weightKg: number;
  price: string;
  genres: string[];
  onShelf: boolean;
  cover: Buffer | null;
  addedAt: Date;
}

const TABLES = [
  `create table book (
    id uuid primary key,
    title varchar(80) not null,
    pages integer not null,
    weight_kg double precision not null,
    price numeric(10, 2) not null,
    genres jsonb not null,
    on_shelf boolean not null,
    cover bytea,
    added_at timestamptz not null
  )`,
  `create table loan (
    id bigserial primary key,
    book_id uuid not null references book,
    member text not null check (member <> ''),
    lent_on date not null
  )`,
];

const ADD_BOOK = `insert into book (id, title, pages, weight_kg, price, genres, on_shelf, cover, added_at)
  values (:id, :title, :pages, :weightKg, :price, :genres, :onShelf, :cover, :addedAt)`;

/** A string with a cast, where the column is of another type; a Date becomes a TIMESTAMP in UTC. */
function parametersOf({ id, price, genres, ...plain }: NewBook) {
  return [
    { name: "id", value: id, cast: "uuid" },
    { name: "price", value: price, cast: "numeric" },
    { name: "genres", value: JSON.stringify(genres), cast: "jsonb" },
    plain,
  ];
}

const id = (value: string) => ({ name: "id", value, cast: "uuid" });

export class Library {
  readonly #client: Client;

  constructor({ endpoint, ...cluster }: Target) {
    this.#client = dataApiClient({ ...cluster, engine: "pg", options: { endpoint, ...SIGNER } });
  }

  async createTables() {
    for (const table of TABLES) await this.#client.query(table);
  }

  addBook(book: NewBook) {
    return this.#client.query(ADD_BOOK, parametersOf(book));
  }

  /** Lists of parameters in a list make a batch. */
  addBooks(books: readonly NewBook[]) {
    return this.#client.query(ADD_BOOK, books.map(parametersOf));
  }

  async book(title: string) {
    const { records } = await this.#client.query("select * from book where title = :title", { title });
    return records?.[0];
  }

  titleOf(bookId: string) {
    return this.#client.query("select title from book where id = :id", [id(bookId)]);
  }

  /** As one would write it for another driver. */
  titleOfUncast(bookId: string) {
    return this.#client.query("select title from book where id = :id", { id: bookId });
  }

  thickerThan(pages: number) {
    return this.#client.query({
      sql: "select title, pages from book where pages > :pages and on_shelf order by pages desc",
      parameters: { pages },
      includeResultMetadata: true,
    });
  }

  /** As lists of values; the client can't do without the metadata, by which it looks for dates. */
  inventory() {
    return this.#client.query({
      sql: `select count(*), sum(pages), sum(price), avg(weight_kg), array_agg(title order by title),
        array_agg(pages order by title) from book`,
      hydrateColumnNames: false,
      includeResultMetadata: true,
    });
  }

  discard(title: string) {
    return this.#client.query("delete from book where title = :title", { title });
  }

  /** Takes a book from the shelf and notes the loan, or does neither; `told` is told of a rollback. */
  lend(bookId: string, member: string, lentOn: string, told: (error: Error, status: object) => void) {
    return this.#client
      .transaction()
      .query("update book set on_shelf = false where id = :id returning title", [id(bookId)])
      .query(() => ({
        sql: "insert into loan (book_id, member, lent_on) values (:id, :member, :lentOn) returning id",
        parameters: [id(bookId), { member }, { name: "lentOn", value: lentOn, cast: "date" }],
      }))
      .rollback(told)
      .commit();
  }

  async loans() {
    const { records } = await this.#client.query(
      "select l.id, member, title, lent_on from loan l join book on book.id = l.book_id order by l.id",
    );
    return records;
  }
}
