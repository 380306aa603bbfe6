// Highlights code in a worker, which can be stopped: with some texts, a pattern of highlight.js takes minutes. lowlight drives
// it without HTML: it answers a tree. A language loads when code of it comes first.
import { createLowlight } from "lowlight";

export interface Code {
  language: string;
  text: string;
}

type Lowlight = ReturnType<typeof createLowlight>;
type Language = Parameters<Lowlight["register"]>[1];

/** A code's texts and spans; undefined if its language is not known. */
export type Highlighted = ReturnType<Lowlight["highlight"]>["children"] | undefined;

const LANGUAGES: Record<string, () => Promise<{ default: Language }>> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  lua: () => import("highlight.js/lib/languages/lua"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  php: () => import("highlight.js/lib/languages/php"),
  python: () => import("highlight.js/lib/languages/python"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

/** Other names of these languages, as people write them after a fence. */
const ALIASES: Record<string, string> = {
  "c#": "csharp",
  "c++": "cpp",
  cs: "csharp",
  docker: "dockerfile",
  golang: "go",
  html: "xml",
  js: "javascript",
  jsx: "javascript",
  kt: "kotlin",
  md: "markdown",
  patch: "diff",
  postgres: "sql",
  postgresql: "sql",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  yml: "yaml",
  zsh: "bash",
};

const lowlight = createLowlight();

addEventListener("message", ({ data }: MessageEvent<Code>) => {
  const answer = (answer: Highlighted) => postMessage(answer);
  // Offline, or a new version was deployed: it stays plain.
  highlighted(data).then(answer, () => answer(undefined));
});

async function highlighted({ language, text }: Code): Promise<Highlighted> {
  const lower = language.toLowerCase();
  const name = ALIASES[lower] ?? lower;
  const load = Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name] : undefined;
  if (!load) return undefined;
  if (!lowlight.registered(name)) lowlight.register(name, (await load()).default);
  return lowlight.highlight(name, text).children;
}
