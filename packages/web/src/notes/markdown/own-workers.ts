// The workers of the app: it can start no others, whatever a script asks for (Trusted Types).
import comparer from "../history/difference-worker.ts?worker&url";
import merger from "../merge/worker.ts?worker&url";
import highlighter from "./highlight-worker.ts?worker&url";
import parser from "./worker.ts?worker&url";

const WORKERS = { parser, highlighter, merger, comparer };

const policy = window.trustedTypes?.createPolicy("notejam-worker", {
  createScriptURL: (name) => (Object.hasOwn(WORKERS, name) ? WORKERS[name as keyof typeof WORKERS] : parser),
});

export function startWorker(name: keyof typeof WORKERS): Worker {
  return new Worker((policy?.createScriptURL(name) ?? WORKERS[name]) as string, { type: "module" });
}

/**
 * Asks a worker for one answer.
 * @throws Error if it takes too long, or the worker did not load; the signal's reason if it was aborted
 */
export function ask<Answer>(
  worker: Worker,
  question: unknown,
  maxMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => reject(new Error("The worker took too long")), maxMs);
  signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  worker.onerror = () => reject(new Error("The worker did not load, or ended"));
  worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
  worker.postMessage(question);
  return promise.finally(() => clearTimeout(timer));
}
