import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mergeTexts } from "./merge-texts.ts";
import { conflictsOf } from "./regions.ts";

const [BASE, MINE, THEIRS] = ["One.\nTwo.\nEnd.", "One!\nTwo.\nEnd.", "One.\nTwo.\nEnd!"];

/** Workers that were started and not ended. */
const alive = new Set<object>();
/** What a worker does when it is given texts. */
let work: (worker: { onerror?: () => void }) => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    "Worker",
    class {
      onerror?: () => void;
      constructor() {
        alive.add(this);
      }
      postMessage() {
        work(this);
      }
      terminate() {
        alive.delete(this);
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  alive.clear();
});

describe("texts that could be merged are a conflict of what differs, and the worker is ended", () => {
  it.each<[string, typeof work]>([
    ["if merging takes too long", () => void vi.advanceTimersByTimeAsync(5000)],
    ["if the worker does not load, or ends", (worker) => worker.onerror?.()],
  ])("%s", async (_, ends) => {
    work = ends;

    const merged = await mergeTexts(BASE, MINE, THEIRS);

    expect(conflictsOf(merged)).toEqual([{ base: `${BASE}\n`, mine: `${MINE}\n`, theirs: `${THEIRS}\n` }]);
    expect(merged.sides).toHaveLength(1);
    expect(alive.size).toBe(0);
  });
});
