// Checks how much a cold start of the API's Lambda and the first page in a browser load. Each limit is a little above the
// last measured size, so that growth is a decision.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { builtFunctions, builtWeb } from "@notejam/local/build";
import type { Check } from "./quick.ts";
import type { Outcome } from "./run.ts";

/** KB of 1,000 bytes. */
const SIZE_LIMITS = {
  /** Minified, as Lambda's Node.js reads it. A KB takes about 0.1 ms of a cold start. */
  api: 495,
  /** What a browser loads until the list of notes shows, compressed for the network. */
  "web scripts": 41,
  "web styles": 5,
  /** What it loads in addition when a note is first written. */
  "web editor": 151,
};

/**
 * A file and everything that it imports statically, directly or not. Dynamic imports don't count.
 * @param entry of a build by esbuild or Vite, which write `from"./name"` and `import"./name"`
 */
export function eagerFiles(entry: string): string[] {
  const files = new Set([entry]);
  for (const file of files) {
    if (!/\.m?js$/.test(file)) continue;
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
      /\b(?:from|import)\s*["'](\.[^"']+)["']/g,
    )) {
      files.add(join(dirname(file), path));
    }
  }
  return [...files];
}

/** The files that a page loads: scripts, styles, and preloaded modules. */
function filesOfPage(folder: string): string[] {
  const page = join(folder, "index.html");
  const named = readFileSync(page, "utf8").matchAll(
    /<(?:script|link)[^>]*?(?:src|href)="\/([^"]+\.(?:js|css))"/g,
  );
  return [page, ...new Set([...named].flatMap(([, path = ""]) => eagerFiles(join(folder, path))))];
}

/** The files that a part of the page loads, which is imported when it is first shown. @param name of its module */
function filesOfPart(folder: string, name: string): string[] {
  const [entry] = globSync(`assets/${name}-*.js`, { cwd: folder });
  if (!entry) throw new Error(`The web app has no part ${name}.`);
  return eagerFiles(join(folder, entry));
}

function compressed(files: string[]): { kilobytes: number; files: string[] } {
  return { kilobytes: total(files, (bytes) => gzipSync(bytes).length), files };
}

const KILO = 1000;

/** Prints one line for each size; the check fails if one is over its limit. */
async function measure(): Promise<Outcome> {
  const functions = await builtFunctions();
  const web = await builtWeb(new AbortController().signal);
  const api = eagerFiles(fileURLToPath(functions.api));
  const page = filesOfPage(web);
  const scripts = page.filter((file) => file.endsWith(".js"));
  const editor = filesOfPart(web, "editor-pane").filter((file) => !page.includes(file));
  const sizes: Record<keyof typeof SIZE_LIMITS, { kilobytes: number; files: string[] }> = {
    api: { kilobytes: total(api, (bytes) => bytes.length), files: api },
    "web scripts": compressed(scripts),
    "web styles": compressed(page.filter((file) => file.endsWith(".css"))),
    "web editor": compressed(editor),
  };
  let code = 0;
  let output = "";
  for (const [name, limit] of Object.entries(SIZE_LIMITS)) {
    const { kilobytes, files } = sizes[name as keyof typeof sizes];
    output += `${name}: ${kilobytes.toFixed(1)} KB of at most ${limit} in ${files.length} files\n`;
    if (kilobytes <= limit) continue;
    code = 1;
    for (const file of files) output += `  ${relative(dirname(files[0] ?? ""), file)}\n`;
  }
  return { code, output };
}

function total(files: string[], size: (bytes: Buffer) => number): number {
  return files.reduce((sum, file) => sum + size(readFileSync(file)), 0) / KILO;
}

export const SIZES: Check = { name: "sizes", run: measure };
