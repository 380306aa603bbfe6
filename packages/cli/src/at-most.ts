// Works through a list, a few at a time.

/** Requests that an import or export makes at the same time. */
const AT_ONCE = 4;

/** Calls `work` with each item, in order, never more than AT_ONCE unfinished. The first error ends it, once the calls under way have ended. */
export async function each<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  async function take() {
    for (let next = iterator.next(); !failed && !next.done; next = iterator.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: AT_ONCE }, take));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
