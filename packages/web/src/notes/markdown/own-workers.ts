// The workers of the app: it can start no others, whatever a script asks for (Trusted Types).
import highlighter from "./highlight-worker.ts?worker&url";
import parser from "./worker.ts?worker&url";

const WORKERS = { parser, highlighter };

const policy = window.trustedTypes?.createPolicy("notejam-worker", {
  createScriptURL: (name) => (name === "highlighter" ? highlighter : parser),
});

export function startWorker(name: keyof typeof WORKERS): Worker {
  return new Worker((policy?.createScriptURL(name) ?? WORKERS[name]) as string, { type: "module" });
}
