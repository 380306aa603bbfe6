// What the steps of the jobs read beside very many rows: on PostgreSQL 18, by the plans that it chose and what they did.
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { LENGTHS_MAX, lengthsAfter } from "../src/account/size.ts";
import { thin } from "../src/retention/index.ts";
import { KEPT_DAYS } from "../src/retention/limits.ts";
import { expireNotes, expirePads } from "../src/trash/expire.ts";
import { rows, startDatabase } from "./database.ts";

const DAY = 86_400_000;
const BEGUN = Date.parse("2023-06-01T00:00:00Z");

/** With NOTEJAM_LONG_TESTS=1, a million. */
const STATES = process.env.NOTEJAM_LONG_TESTS ? 1_000_000 : 100_000;
const NOTES = STATES / 10;
const ACCOUNTS = 50;
const PADS = 1000;
/** As in the jobs beside a million states. */
const STEP = STATES / 1000;
/** Rows that a step may touch beside those that it takes: of things, accounts and pads, or what workers read ahead. */
const BESIDE = 300;

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
  // All was made within three days; a tenth of the notes, and of the pads, were deleted then.
  await rows(sql`insert into account (id, email, password_hash, created_at, notes, pads)
    select gen_random_uuid(), i || '@example.com', '', ${at(0)}, ${NOTES / ACCOUNTS}::int, ${PADS}::int from generate_series(1, ${ACCOUNTS}::int) i`);
  await rows(sql`insert into pad (user_id, id, name, version, kind, updated_at, changed_at, deleted_at, create_hash, created_at)
    select a.id, gen_random_uuid(), 'Pad', 1, 'create', ${at(0)}, ${at(0)}, case when i % 10 = 0 then ${at(0)} end, '', ${at(0)}
    from account a, generate_series(1, ${PADS}::int) i`);
  await rows(sql`insert into pad_revision (user_id, pad_id, name, version, kind, updated_at, changed_at)
    select user_id, id, 'Pad', 1, 'create', created_at, created_at from pad`);
  await rows(sql`insert into note (user_id, id, pad_id, name, text, version, kind, updated_at, changed_at, deleted_at, create_hash, created_at)
    select p.user_id, gen_random_uuid(), p.id, 'Name', 'text', 11, 'save', ${at(3)}, ${at(3)},
      case when i % 10 = 0 then ${at(3)} end, '', ${at(0)}
    from generate_series(1, ${NOTES}::int) i join (select p.*, row_number() over () n from pad p) p on p.n = 1 + i % ${PADS * ACCOUNTS}::int`);
  // A tenth in each statement: the Data API ends a long one.
  for (let version = 1; version <= 10; version++)
    await rows(sql`insert into revision (user_id, note_id, name, text, bytes, hash, version, kind, updated_at, changed_at, due_at)
      select n.user_id, n.id, 'Name', 'text', 4, ''::bytea, v, 'save', t, t, t + interval '1 hour'
      from note n, (select ${version}::int v, ${at(0)} + ${version}::int * interval '20 seconds' t) x`);
  await rows(sql`analyze`);
}, 600_000);
afterAll(() => server?.close());

function at(day: number) {
  return sql.raw(`timestamptz '${new Date(BEGUN + day * DAY).toISOString()}'`);
}

/** A node of a plan. */
interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  Plans?: PlanNode[];
}

/** The plans of what `run` sends, with what they did. */
async function plansOf(run: () => Promise<unknown>): Promise<PlanNode[]> {
  const send = RDSDataClient.prototype.send;
  const plans: PlanNode[] = [];
  const spy = vi.spyOn(RDSDataClient.prototype, "send").mockImplementation(async function (
    this: RDSDataClient,
    ...args: unknown[]
  ) {
    const [command] = args as [{ input: { sql?: string } }];
    command.input.sql = `explain (analyze, timing off, buffers off, costs off, format json) ${command.input.sql}`;
    const answer = await Reflect.apply(send, this, args);
    const [{ Plan }] = JSON.parse(answer.records[0][0].stringValue);
    plans.push(Plan);
    return { ...answer, records: [] };
  } as never);
  await run().finally(() => spy.mockRestore());
  return plans;
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Expects a step to read by indexes alone, and at most `most` rows of each. */
function expectBounded(plans: PlanNode[], most: number): void {
  const nodes = plans.flatMap(nodesOf);
  const tables = ["revision", "note", "pad", "pad_revision"];
  const whole = nodes.filter(
    (node) => node["Node Type"] === "Seq Scan" && tables.includes(node["Relation Name"] ?? ""),
  );
  expect(whole).toEqual([]);
  const rowsOf = (node: PlanNode) => node["Actual Rows"] * node["Actual Loops"];
  expect(Math.max(...nodes.map(rowsOf))).toBeLessThanOrEqual(most);
}

test.each([
  ["the thinning", 1 / 8],
  ["the thinning after a day", 1.5],
  ["the thinning after three years", KEPT_DAYS + 10],
])("reads by indexes, and no more than it takes: a step of %s", async (_, days) => {
  const plans = await plansOf(() => thin(new Date(BEGUN + days * DAY), STEP));

  expectBounded(plans, STEP);
  expect(await rows(sql`select 1 one from revision where thinned_at is not null limit 1`)).toHaveLength(1);
});

test("reads by indexes, and no more than it takes: a step that empties the trash", async () => {
  const now = new Date(BEGUN + (KEPT_DAYS + 10) * DAY);

  for (let step = 0; step < 3; step++)
    expectBounded(await plansOf(() => expireNotes(now, STEP)), STEP + BESIDE);

  const [left] = await rows<{ n: number }>(sql`select count(*)::int n from revision`);
  expect(left?.n).toBeLessThan(STATES);
  await rows(sql`delete from note where pad_id in (select id from pad where deleted_at is not null)`);
  // First the states of a hundred pads, and then those pads.
  for (let step = 0; step < 2; step++)
    expectBounded(await plansOf(() => expirePads(now, STEP)), STEP + BESIDE);
  expect(await rows(sql`select count(*)::int n from pad`)).toEqual([{ n: PADS * ACCOUNTS - 100 }]);
});

test("reads by indexes, and no more than it takes: a step of the measuring", async () => {
  const [account] = await rows<{ id: string }>(sql`select id from account limit 1`);
  const { last } = await lengthsAfter(account?.id ?? "", "revision", undefined);

  expectBounded(
    await plansOf(() => lengthsAfter(account?.id ?? "", "note", undefined)),
    LENGTHS_MAX + BESIDE,
  );
  expectBounded(await plansOf(() => lengthsAfter(account?.id ?? "", "revision", last)), LENGTHS_MAX + BESIDE);
});
