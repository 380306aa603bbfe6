// Merges texts in a worker, for some seconds at most.
import { Problem } from "@notejam/client/problem";
import { startWorker } from "../markdown/own-workers.ts";
import type { TextMerge, Texts } from "./worker.ts";

/** Two texts of 512 KiB with all lines different take a tenth of this. */
const MERGE_MAX_MS = 5000;

/**
 * Texts that can't be merged in time are one conflict.
 * @param base what both began from; undefined if it is gone
 * @throws Problem `unreachable` if the code for it does not load
 */
export async function mergeTexts(base: string | undefined, mine: string, theirs: string): Promise<TextMerge> {
  const merged = base === undefined ? undefined : await ask({ base, mine, theirs }).catch(() => undefined);
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

/** @throws Error if it takes too long, or the worker did not load */
async function ask(texts: Texts): Promise<TextMerge> {
  const worker = startWorker("merger");
  const { promise, resolve, reject } = Promise.withResolvers<TextMerge>();
  const timer = setTimeout(() => reject(new Error("Merging took too long")), MERGE_MAX_MS);
  worker.onerror = () => reject(new Error("The merger did not load, or ended"));
  worker.onmessage = ({ data }: MessageEvent<TextMerge>) => resolve(data);
  worker.postMessage(texts);
  return await promise.finally(() => {
    clearTimeout(timer);
    worker.terminate();
  });
}
