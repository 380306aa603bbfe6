// Parses a text in a worker, and gives up if that takes too long.
import { startWorker } from "./own-workers.ts";
import type { Piece } from "./to-html.ts";
import type { Answer } from "./worker.ts";

/** Until the worker's code has arrived and runs, over a slow network or on a busy machine. */
const LOAD_MAX_MS = 10_000;
/** 512 KiB of prose take a tenth of a second. */
const PARSE_MAX_MS = 4000;

/**
 * Calls `show` with each piece of `text`, in order, and lets the page do other things between two of them.
 * @throws Error if it can't be parsed or takes too long; what `show` threw; the signal's reason if it was aborted
 */
export function parse(text: string, show: (piece: Piece) => void, signal: AbortSignal): Promise<void> {
  const worker = startWorker("parser");
  let timer: ReturnType<typeof setTimeout>;
  let hasEnded = false;
  return new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error("The parser took too long to load")), LOAD_MAX_MS);
    signal.addEventListener("abort", () => reject(signal.reason));
    worker.onerror = () => reject(new Error("The parser did not load, or ended"));
    worker.onmessageerror = () => reject(new Error("The parser's answer can't be read"));
    let shown: Promise<void> | undefined;
    worker.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
      if ("begun" in answer) {
        clearTimeout(timer);
        timer = setTimeout(() => reject(new Error("Parsing took too long")), PARSE_MAX_MS);
        return;
      }
      if ("failed" in answer) return reject(new Error(answer.failed));
      if ("done" in answer) {
        clearTimeout(timer);
        return resolve(shown);
      }
      const before = shown?.then(nextTask);
      shown = Promise.resolve(before).then(() => {
        if (!hasEnded) show(answer);
      });
      shown.catch(reject);
    };
    worker.postMessage(text);
  }).finally(() => {
    hasEnded = true;
    clearTimeout(timer);
    worker.terminate();
  });
}

/** Timers, keys and a frame may come first. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
