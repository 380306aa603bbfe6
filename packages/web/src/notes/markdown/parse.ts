// Parses a text in a worker, and gives up if that takes too long.
import type { Answer } from "./worker.ts";

/** 512 KiB of prose take a tenth of a second. */
const PARSE_MAX_MS = 4000;

/**
 * Calls `piece` with the HTML of each piece of `text`, in order.
 * @throws Error if it can't be parsed or takes too long; the signal's reason if it was aborted
 */
export function parse(text: string, piece: (html: string) => void, signal: AbortSignal): Promise<void> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Parsing took too long")), PARSE_MAX_MS);
    signal.addEventListener("abort", () => reject(signal.reason));
    worker.onerror = () => reject(new Error("The parser did not load"));
    worker.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
      if ("html" in answer) piece(answer.html);
      else if ("failed" in answer) reject(new Error(answer.failed));
      else resolve();
      if (!("html" in answer)) clearTimeout(timer);
    };
    worker.postMessage(text);
  }).finally(() => worker.terminate());
}
