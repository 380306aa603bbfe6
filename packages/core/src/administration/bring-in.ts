// Brings in things with all their states, as they came about elsewhere. A user can't do that: what a user changes is changed now.
import { sql } from "drizzle-orm";
import { chainLinkOf, digestOf } from "../db/chain.ts";
import { listOf } from "../db/cte.ts";
import type { Kind } from "../db/kinds.ts";
import { columnOf, nameOf, type Versioned } from "../db/versioned.ts";
import { outsideSession } from "../db/viewer.ts";

/** A state as it was. The next one ended it. */
export interface BroughtState<Content extends string = string> {
  kind: Kind;
  /** Null if nobody knows. */
  device: string | null;
  changedAt: Date;
  /** When its content was made: before `changedAt` if the thing was only deleted, say. */
  updatedAt: Date;
  deletedAt: Date | null;
  content: Readonly<Record<Content, unknown>>;
  /** How it came about, by the keys of `described`. */
  described?: Readonly<Record<string, unknown>>;
}

/** The columns of a state, beside its content, that are given. The statement computes the others. */
const STATE = ["version", "kind", "device", "changedAt", "updatedAt", "deletedAt"];

/**
 * Brings a thing in, in one statement: its last state as it is now, the ones before as its past, each with its digest and chain
 * link. It then counts for its account, which becomes as old as its oldest thing. The account's limits don't hold here.
 * @param states from the first version on, at least one; together 4 MiB as JSON at most (what the Data API takes)
 * @param marks what makes no version, by its keys in the table: `pinnedAt`
 * @returns whether it came in. One that is there already stays as it is, one that was deleted for ever stays away, and so does
 *   one whose home is not there.
 * @throws AppError `unavailable`
 */
export async function bringIn<Content extends string>(
  userId: string,
  versioned: Versioned<Content>,
  id: string,
  states: readonly BroughtState<Content>[],
  marks: Readonly<Record<string, Date>> = {},
): Promise<boolean> {
  const { table, revisions, revisionOf, noun, home, archived } = versioned;
  const keys = [...STATE, ...versioned.described, ...versioned.content];
  const names = keys.map((key) => nameOf(versioned, key));
  const given = states.map(({ content, described, ...state }, i) => ({
    version: i + 1,
    ...state,
    ...described,
    ...content,
  }));
  const types = keys.map(
    (key) => sql`${sql.identifier(key)} ${sql.raw(columnOf(versioned, key).getSQLType())}`,
  );
  const digest = digestOf(versioned, (key) => sql`given.${nameOf(versioned, key)}`);
  const marked = Object.entries(marks).map(([key, at]) => ({
    name: sql`, ${nameOf(versioned, key)}`,
    value: sql`, ${at.toISOString()}::timestamptz`,
  }));
  const isPurged = sql`exists (select 1 from purged g
    where g.user_id = ${userId}::uuid and g.kind = ${noun}::text and g.id = ${id}::uuid)`;
  const hasHome = home
    ? sql`not exists (select 1 from given where ${nameOf(versioned, home.key)} is not null and not exists
        (select 1 from ${home.table} h where h.user_id = given.user_id and h.id = given.${nameOf(versioned, home.key)}))`
    : sql`true`;
  // What retention and the time machine know of an earlier state, in addition to `archived`.
  const derived = Object.entries({
    ...archived,
    ...("dueAt" in revisions && { due_at: sql`old.ended_at + interval '1 hour'` }),
  });
  const { rows } = await outsideSession("bring-in", (db) =>
    db.execute(sql`with recursive given as (
        select ${userId}::uuid user_id, ${id}::uuid id, ${listOf(keys.map((key) => sql`g.${sql.identifier(key)} ${nameOf(versioned, key)}`))},
          lead(g."changedAt") over (order by g.version) ended_at
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) g(${listOf(types)})
      ), digested as (
        select given.*, ${digest} digest from given
      ), chained as (
        select d.*, ${chainLinkOf(sql`null::bytea`, sql`d.digest`)} link from digested d where d.version = 1 union all
        select d.*, ${chainLinkOf(sql`before.link`, sql`d.digest`)} from chained before join digested d on d.version = before.version + 1
      ), made as (
        insert into ${table} (user_id, id, ${listOf(names)}, digest, link, create_hash, created_at${sql.join(marked.map(({ name }) => name))})
        select c.user_id, c.id, ${listOf(names.map((name) => sql`c.${name}`))}, c.digest, c.link, ''::bytea,
          (select min(changed_at) from given)${sql.join(marked.map(({ value }) => value))}
        from chained c where c.ended_at is null and ${hasHome} and not ${isPurged}
        on conflict (user_id, id) do nothing returning id, created_at
      ), archived as (
        insert into ${revisions} (user_id, ${sql.identifier(revisionOf)}, ${listOf(names)}, digest, link${sql.join(derived.map(([name]) => sql`, ${sql.identifier(name)}`))})
        select old.user_id, old.id, ${listOf(names.map((name) => sql`old.${name}`))}, old.digest, old.link${sql.join(derived.map(([, value]) => sql`, ${value}`))}
        from chained old join made on made.id = old.id where old.ended_at is not null
      ), counted as (
        update account a set ${sql.identifier(`${noun}s`)} = a.${sql.identifier(`${noun}s`)} + 1, created_at = least(a.created_at, made.created_at)
        from made where a.id = ${userId}::uuid
      )
      select made.id from made`),
  );
  return rows.length > 0;
}
