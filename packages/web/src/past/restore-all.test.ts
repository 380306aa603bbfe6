import { Problem } from "@notejam/client/problem";
import fc from "fast-check";
import { expect, it } from "vitest";
import { RestoreAll } from "./restore-all.ts";

const PAGE = 100;

/** A service with notes, of which every third is the same now. Each call fails that `fails` says so. */
function service(count: number, fails: () => boolean = () => false) {
  const notes = Array.from({ length: count }, (_, i) => ({ id: String(i), differs: i % 3 !== 0 }));
  const restored: string[][] = [];
  let pages = 0;
  return {
    restored,
    pages: () => pages,
    differing: notes.filter(({ differs }) => differs).map(({ id }) => id),
    async read(cursor: string | undefined) {
      if (fails()) throw new Problem("unavailable");
      pages++;
      const start = Number(cursor ?? 0);
      const end = start + PAGE;
      return { notes: notes.slice(start, end), nextCursor: end < count ? String(end) : null };
    },
    async restore(ids: readonly string[]) {
      if (fails()) throw new Problem("unavailable");
      restored.push([...ids]);
    },
  };
}

it("restores each note that differs once, at most 100 at a time, however often it fails", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(900), fc.array(fc.boolean(), { maxLength: 30 }), async (count, failures) => {
      const notes = service(count, () => failures.shift() ?? false);
      const job = new RestoreAll(notes);
      await job.run();
      while (job.state === "failed") {
        expect(job.problem?.code).toBe("unavailable");
        expect(job.done).toBe(notes.restored.flat().length);
        await job.run();
      }
      expect(job.state).toBe("done");
      expect(notes.restored.flat()).toEqual(notes.differing);
      expect(Math.max(0, ...notes.restored.map(({ length }) => length))).toBeLessThanOrEqual(100);
      expect([job.done, job.total]).toEqual([notes.differing.length, notes.differing.length]);
      // What was read is not read again.
      expect(notes.pages()).toBe(Math.max(1, Math.ceil(count / PAGE)));
    }),
  );
});

it("stops after the request that is running, and goes on where it ended", async () => {
  const notes = service(900);
  const job = new RestoreAll({
    read: notes.read,
    async restore(ids) {
      await notes.restore(ids);
      if (notes.restored.length === 2) job.stop();
    },
  });
  await job.run();
  expect(job.state).toBe("stopped");
  expect([job.done, job.total]).toEqual([200, 600]);
  await job.run();
  expect(job.state).toBe("done");
  expect(notes.restored.flat()).toEqual(notes.differing);
});
