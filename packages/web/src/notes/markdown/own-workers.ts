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
