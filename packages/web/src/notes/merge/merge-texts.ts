// Merges texts in a worker, for some seconds at most.
import { Problem } from "@notejam/client/problem";
import { ask, startWorker } from "../markdown/own-workers.ts";
import type { TextMerge, Texts } from "./worker.ts";

/** Two texts of 512 KiB with all lines different take a tenth of this. */
const MERGE_MAX_MS = 5000;

/**
 * Texts that can't be merged in time are one conflict.
 * @param base what both began from; undefined if it is gone
 * @throws Problem `unreachable` if the code for it does not load
 */
export async function mergeTexts(base: string | undefined, mine: string, theirs: string): Promise<TextMerge> {
  const merged = base === undefined ? undefined : await mergeInWorker({ base, mine, theirs });
  if (merged) return merged;
  const [{ wholeConflict }, { sidesOf }] = await Promise.all([
    import("./merge.ts"),
    import("./sides.ts"),
  ]).catch(() => {
    throw new Problem("unreachable");
  });
  const whole = wholeConflict(base, mine, theirs);
  return { ...whole, sides: sidesOf(whole) };
}

/** @returns undefined if it takes too long, or the worker did not load */
async function mergeInWorker(texts: Texts): Promise<TextMerge | undefined> {
  const worker = startWorker("merger");
  return await ask<TextMerge>(worker, texts, MERGE_MAX_MS)
    .catch(() => undefined)
    .finally(() => worker.terminate());
}
