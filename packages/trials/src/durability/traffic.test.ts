// What a deployed service goes through while people write: the writer fails over, a paused database comes back, and a deployment
// puts a new schema and a new version of the function in. Nothing that was acknowledged is lost or doubled, and every answer is a
// success, a refusal that the request has earned, or 503 with Retry-After.
import { setTimeout as sleep } from "node:timers/promises";
import type { LambdaFunction } from "@notejam/local/aws/lambda/handler";
import { builtFunctions, type FunctionModules } from "@notejam/local/build";
import { waitWhileFull } from "@notejam/web/data/waiting";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Delivery } from "./network.ts";
import { buildNextVersion, NEW_MEMBER, type NextVersion } from "./next-version.ts";
import { plans } from "./plan.ts";
import { type Counts, run } from "./run.ts";
import { type Alias, type Site, startSite } from "./site.ts";

const LONG = Boolean(process.env.NOTEJAM_LONG_TESTS);
const SEED = Number(process.env.NOTEJAM_SEED ?? (LONG ? Math.floor(Math.random() * 2 ** 31) : 20_261_127));
const TIMEOUT = LONG ? 1_800_000 : 60_000;
/** Each user has an account of their own, on two devices. */
const USERS = LONG ? 4 : 2;
const SIZE = { devices: 2, rounds: 1, acts: LONG ? 50 : 10 };

async function start(engine: string, modules: FunctionModules): Promise<Site> {
  // A double would be any of its values, most of which are near 0.
  const chances = fc.sample(fc.noBias(fc.nat({ max: 999 })), { numRuns: 997, seed: SEED });
  let drawn = 0;
  return await startSite({
    postgresUrl: engine === "PostgreSQL" ? inject("postgresUrl") : undefined,
    modules,
    // A request gives up before a short pause is over, as it does after 4 seconds of a long one.
    ...(!LONG && { databaseWaitSeconds: 1 }),
    chance: () => (chances[drawn++ % chances.length] ?? 0) / 1000,
  });
}

/**
 * Users write until what happens meanwhile is over, and then each account is judged.
 * @returns what was delivered for each user
 * @throws Error with what does not hold
 */
async function traffic(on: Site, meanwhile: () => Promise<void>): Promise<Delivery[][]> {
  const { promise: happened, resolve, reject } = Promise.withResolvers<void>();
  const delivered: Delivery[][] = [];
  let ready = 0;
  const users = fc.sample(plans(SIZE), { numRuns: USERS, seed: SEED });
  const runs = users.map((plan) =>
    run(on, plan, {
      retry: waitWhileFull,
      // It begins when all of them write.
      meanwhile() {
        if (++ready === USERS) meanwhile().then(resolve, reject);
        return happened;
      },
      look: (deliveries) => void delivered.push([...deliveries]),
    }),
  );
  for (const one of runs) one.catch(reject);
  await Promise.allSettled(runs);
  const counts: Counts = {};
  for (const one of await Promise.all(runs))
    for (const [name, count] of Object.entries(one)) counts[name] = (counts[name] ?? 0) + count;
  if (LONG) console.error({ seed: SEED, ...counts });
  expect(on.faults).toEqual([]);
  expect(dishonest(delivered.flat())).toEqual([]);
  return delivered;
}

/** Refusals of what a device has asked for, when another was quicker. */
const REFUSALS = ["version_mismatch", "not_found", "conflict", "invalid_input"];

/** Answers that are neither a success, nor such a refusal, nor 503 with Retry-After. */
function dishonest(deliveries: readonly Delivery[]): string[] {
  return deliveries
    .filter(({ status, answer, retryAfter }) => {
      if (status === 503) return !/^[1-9]\d*$/.test(retryAfter ?? "");
      return !(status >= 200 && status < 300) && !REFUSALS.includes(answer?.code);
    })
    .map(({ method, path, status, answer }) => `${method} ${path} answered ${status} ${answer?.code}`);
}

function busy(delivered: readonly Delivery[][]): number {
  return delivered.flat().filter(({ status }) => status === 503).length;
}

let next: NextVersion;
let modules: FunctionModules;
beforeAll(async () => {
  modules = await builtFunctions();
  next = await buildNextVersion();
});
afterAll(() => next?.remove());

describe.each(LONG ? ["PostgreSQL", "PGlite"] : ["PostgreSQL"])("while people write, on %s,", (engine) => {
  let site: Site;
  beforeAll(async () => {
    site = await start(engine, modules);
  });
  afterAll(() => site?.close());

  test("the writer fails over, again and again", { timeout: TIMEOUT }, async () => {
    const { faults, calls } = site.dataApi;

    const delivered = await traffic(site, async () => {
      const ms = LONG ? 5_000 : 400;
      for (let times = 0; times < (LONG ? 10 : 3); times++) {
        await sleep(300);
        await faults.failover({ ms });
        // Calls fail until then; after that people write on.
        await sleep(ms + 300);
      }
    });

    expect(calls.counts.faults.failover).toBeGreaterThan(0);
    expect(busy(delivered)).toBeGreaterThan(0);
  });

  test("a paused database takes its time to come back", { timeout: TIMEOUT }, async () => {
    const { faults, calls } = site.dataApi;

    const delivered = await traffic(site, async () => {
      await sleep(300);
      const ms = LONG ? 30_000 : 2_000;
      faults.resuming({ ms });
      await sleep(ms + 300);
    });

    expect(calls.counts.faults.resuming).toBeGreaterThan(0);
    expect(busy(delivered)).toBeGreaterThan(0);
  });

  test("a deployment puts in a new schema and a new version of the function, is taken back, and is made again", {
    timeout: TIMEOUT,
  }, async () => {
    const { alias } = site;
    const before = alias.current;
    const after = site.version(next.functions);
    const applied: string[][] = [];

    const delivered = await traffic(site, async () => {
      await events(alias, STAGE);
      applied.push(await site.migrate(next.functions));
      await events(alias, STAGE);
      await shift(alias, after);
      await events(alias, STAGE);
      // The version before goes on with the new schema.
      alias.current = before;
      applied.push(await site.migrate(modules));
      await events(alias, STAGE);
      applied.push(await site.migrate(next.functions));
      await shift(alias, after);
      await events(alias, STAGE);
    });

    expect(applied).toEqual([next.migrations, [], []]);
    expect(alias.shared.next).toBeGreaterThan(0);
    expect(alias.shared.current).toBeGreaterThan(alias.shared.next);
    for (const versions of delivered.map(versionsIn)) expect(versions).toMatch(/^o+n[on]*o[on]*n+$/);
  });
});

/** Events until the next stage of a deployment. */
const STAGE = LONG ? 1_000 : 30;

/** A tenth of the events go to the new version, and then all of them. */
async function shift(alias: Alias, version: LambdaFunction): Promise<void> {
  alias.next = { version, share: 0.1 };
  await events(alias, 2 * STAGE);
  alias.current = version;
  alias.next = undefined;
}

/** Waits until there were so many more events. */
async function events(alias: Alias, count: number): Promise<void> {
  const enough = alias.events + count;
  while (alias.events < enough) await sleep(5);
}

/** Which version answered with each note: `o` the old one, `n` the new one. */
function versionsIn(deliveries: readonly Delivery[]): string {
  // What the time machine answers of a note is the same.
  const answers = deliveries.flatMap(({ path, answer }) =>
    answer?.note && !path.startsWith("/api/history") ? [answer.note] : [],
  );
  return answers.map((note) => (NEW_MEMBER in note ? "n" : "o")).join("");
}
