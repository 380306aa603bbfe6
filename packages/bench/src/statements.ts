// The statements that are measured, as both sides write them, and the data that they find.

export interface Statement {
  name: string;
  /** As a database is asked directly. */
  direct: string;
  /** As the Data API is asked; a parameter has the same place in both. */
  dataApi: string;
  /** The values of the call with this number; the Data API's names are those in `dataApi`. */
  values(call: number): Record<string, number | string>;
}

const NOTES = 1000;
const PAGES = 20;
const PAGE_BYTES = 40_000;
const HASH_BYTES = 16;

/** Random bytes, so that compression gains nothing. Each is run by itself. */
export const SETUP = [
  "create table note (id int8 primary key, title text not null, edited_at timestamptz not null default now())",
  `insert into note select id, 'Note number ' || id from generate_series(1, ${NOTES}) id`,
  "create table page (id int8 primary key, body bytea not null)",
  `insert into page select id, (select decode(string_agg(md5(id || ' ' || part), ''), 'hex')
     from generate_series(1, ${PAGE_BYTES / HASH_BYTES}) part) from generate_series(1, ${PAGES}) id`,
  "analyze",
];

export const STATEMENTS: readonly Statement[] = [
  {
    name: "a row by key",
    direct: "select id, title, edited_at from note where id = $1",
    dataApi: "select id, title, edited_at from note where id = :id",
    values: (call) => ({ id: 1 + (call % NOTES) }),
  },
  {
    name: "a write by key",
    direct: "update note set title = $2 where id = $1",
    dataApi: "update note set title = :title where id = :id",
    values: (call) => ({ id: 1 + (call % NOTES), title: `Title ${call}` }),
  },
  {
    name: `a row of ${PAGE_BYTES} bytes`,
    direct: "select body from page where id = $1",
    dataApi: "select body from page where id = :id",
    values: (call) => ({ id: 1 + (call % PAGES) }),
  },
];

/** What the statement is called by that the main figure is for. */
export const MAIN_STATEMENT = STATEMENTS[0] as Statement;
