// Compares two texts in a worker, and roughly if that takes too long.
import { ask, startWorker } from "../markdown/own-workers.ts";
import type { Texts } from "./difference-worker.ts";
import { type Part, roughly } from "./parts.ts";

/** Longer than the search in the worker may take. */
const COMPARE_MAX_MS = 4000;

/** @throws the signal's reason if it was aborted */
export async function compare(texts: Texts, signal: AbortSignal): Promise<Part[]> {
  const worker = startWorker("comparer");
  try {
    return await ask<Part[]>(worker, texts, COMPARE_MAX_MS, signal);
  } catch {
    signal.throwIfAborted();
    return roughly(texts.before, texts.after);
  } finally {
    worker.terminate();
  }
}
