// Works through a list of requests, a few at a time.
import pMap from "p-map";

/** Requests that an import or export makes at the same time. */
const AT_ONCE = 4;

/** Calls `work` with each item, in order. The first error ends it, once the calls under way have ended. @returns the results */
export async function each<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>): Promise<R[]> {
  const underWay = new Set<Promise<R>>();
  function start(item: T): Promise<R> {
    const working = work(item).finally(() => underWay.delete(working));
    underWay.add(working);
    return working;
  }
  try {
    return await pMap(items, start, { concurrency: AT_ONCE });
  } finally {
    // p-map reports the first error at once; what is under way still counts in the report.
    await Promise.allSettled(underWay);
  }
}
