// Compares two texts in a worker, and roughly if that takes too long.
import { startWorker } from "../markdown/own-workers.ts";
import type { Texts } from "./difference-worker.ts";
import { type Part, roughly } from "./parts.ts";

/** Longer than the search in the worker may take. */
const COMPARE_MAX_MS = 4000;

/** @throws the signal's reason if it was aborted */
export async function compare(texts: Texts, signal: AbortSignal): Promise<Part[]> {
  const worker = startWorker("comparer");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answered = new Promise<Part[]>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Comparing took too long")), COMPARE_MAX_MS);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.onerror = () => reject(new Error("The comparer did not load, or ended"));
    worker.onmessage = ({ data }: MessageEvent<Part[]>) => resolve(data);
    worker.postMessage(texts);
  });
  try {
    return await answered;
  } catch {
    signal.throwIfAborted();
    return roughly(texts.before, texts.after);
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
