// Checks how much a browser loads for the first page. Each limit is a little above the last measured size, so that growth is a
// decision. What a cold start of the API loads is in functions/src/bundle.test.ts.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { builtWeb } from "@notejam/local/build";
import type { Check } from "./quick.ts";
import type { Outcome } from "./run.ts";

/** KB of 1,000 bytes, compressed for the network. */
const SIZE_LIMITS = {
  /** What a browser loads until the list of notes shows. */
  "web scripts": 43,
  "web styles": 5,
  /** What it loads in addition when a note is first written. */
  "web editor": 158,
};

/**
 * A file and everything that it imports statically, directly or not. Dynamic imports don't count.
 * @param entry of a build by Vite, which writes `from"./name"` and `import"./name"`
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

/** Prints one line for each size; the check fails if one is over its limit. */
async function measure(): Promise<Outcome> {
  const web = await builtWeb(new AbortController().signal);
  const page = filesOfPage(web);
  const scripts = page.filter((file) => file.endsWith(".js"));
  const editor = filesOfPart(web, "editor-pane").filter((file) => !page.includes(file));
  const loaded: Record<keyof typeof SIZE_LIMITS, string[]> = {
    "web scripts": scripts,
    "web styles": page.filter((file) => file.endsWith(".css")),
    "web editor": editor,
  };
  let code = 0;
  let output = "";
  for (const [name, limit] of Object.entries(SIZE_LIMITS)) {
    const files = loaded[name as keyof typeof loaded];
    const kilobytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1000;
    output += `${name}: ${kilobytes.toFixed(1)} KB of at most ${limit} in ${files.length} files\n`;
    if (kilobytes <= limit) continue;
    code = 1;
    for (const file of files) output += `  ${relative(dirname(files[0] ?? ""), file)}\n`;
  }
  return { code, output };
}

export const SIZES: Check = { name: "sizes", run: measure };
