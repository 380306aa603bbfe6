// Nothing that was acknowledged is ever lost: two devices of a user write, merge, move, delete and restore the same notes at once,
// while requests and answers are lost, repeated and late, and the database loses answers to what it has done. And what they delete
// for ever is in the log.
import { builtFunctions } from "@notejam/local/build";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { plans } from "./plan.ts";
import { type Counts, run } from "./run.ts";
import { type Site, startSite } from "./site.ts";

const LONG = Boolean(process.env.NOTEJAM_LONG_TESTS);
/** With NOTEJAM_LONG_TESTS=1, there are 10,000 acts on each engine. PGlite runs one statement at a time, so it has fewer races. */
const ENGINES = LONG ? ["PostgreSQL", "PGlite"] : ["PostgreSQL"];
const RUNS = LONG ? 20 : 1;
const SIZE = LONG ? { devices: 2, rounds: 5, acts: 50 } : { devices: 2, rounds: 3, acts: 30 };

/** The same seed draws the same plans, in the suite always the same. Which of two requests comes first is not drawn. */
const SEED = Number(process.env.NOTEJAM_SEED ?? (LONG ? Math.floor(Math.random() * 2 ** 31) : 20_261_127));

describe.each(ENGINES)("on %s", (engine) => {
  let site: Site;
  beforeAll(async () => {
    const postgresUrl = engine === "PostgreSQL" ? inject("postgresUrl") : undefined;
    site = await startSite({ postgresUrl, modules: await builtFunctions() });
  });
  afterAll(() => site?.close());

  test("nothing that two devices were told is saved is lost, whatever the network and the database lose", {
    timeout: LONG ? 1_800_000 : 60_000,
  }, async () => {
    const counts: Counts = {};
    const property = fc.asyncProperty(plans(SIZE), async (plan) => {
      for (const [name, count] of Object.entries(await run(site, plan)))
        counts[name] = (counts[name] ?? 0) + count;
    });
    const { failed, errorInstance } = await fc.check(property, {
      seed: SEED,
      numRuns: RUNS,
      endOnFailure: true,
    });

    if (failed) throw new Error(`With NOTEJAM_SEED=${SEED}: ${errorInstance}`, { cause: errorInstance });
    if (LONG) console.error(engine, { seed: SEED, ...counts });
    expect(site.faults).toEqual([]);
    expect(counts.acts).toBe(RUNS * SIZE.devices * SIZE.rounds * SIZE.acts);
    const {
      conflicts = 0,
      merges = 0,
      left = 0,
      faults = 0,
      unanswered = 0,
      repeated = 0,
      late = 0,
      purged = 0,
    } = counts;
    for (const happened of [conflicts + merges, left, faults + unanswered, repeated + late, purged])
      expect(happened).toBeGreaterThan(0);
  });
});
