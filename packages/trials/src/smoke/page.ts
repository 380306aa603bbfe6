// Checks that the site serves the web app: the page with its headers at each of its addresses, and all files that it loads.
import { cacheControl, HASHED_FILES, HTTPS_HEADERS, WEB_HEADERS } from "@notejam/functions/web-headers";
import { expectHeaders, expectThat } from "../visitor/expectation.ts";
import type { Visitor } from "../visitor/visitor.ts";

const PAGE = "/";
/** An address of the page that names no file. */
const DEEP = "/notes/create";

/** Files of the web app, as the page and its scripts name them. */
const HASHED = new RegExp(`(?:/|["'])${HASHED_FILES.slice(1)}([\\w-]+\\.(?:js|css))\\b`, "g");

/** The types that a browser accepts for each kind of file. Tools upload JavaScript to S3 by either name. */
const TYPES: Record<string, RegExp> = {
  html: /^text\/html\b/,
  js: /^(text|application)\/javascript\b/,
  css: /^text\/css\b/,
};

/** @throws Unexpected, Problem */
export async function checkPage(visitor: Visitor): Promise<void> {
  const page = await visitor.fetch(PAGE);
  expectFile(visitor, page, PAGE);
  const deep = await visitor.fetch(DEEP);
  const isSame = (await deep.text()) === (await page.text());
  expectThat(isSame, `the page at ${DEEP}, as at ${PAGE}`, "another document came");
}

/** @throws Unexpected, Problem */
export async function checkFiles(visitor: Visitor): Promise<void> {
  const named = filesIn(await (await visitor.fetch(PAGE)).text());
  expectThat(named.length > 0, `a page that names files in ${HASHED_FILES}`, "it names none");
  const found = new Set(named);
  for (const path of named) {
    const file = await visitor.fetch(path);
    expectFile(visitor, file, path);
    for (const later of filesIn(await file.text())) found.add(later);
  }
  // What the page loads later must be there too; its size does not matter here.
  for (const path of [...found].slice(named.length)) {
    expectFile(visitor, await visitor.fetch(path, { method: "HEAD" }), path);
  }
}

function filesIn(text: string): string[] {
  return [...new Set([...text.matchAll(HASHED)].map(([, name]) => HASHED_FILES + name))];
}

function expectFile(visitor: Visitor, file: Response, path: string): void {
  const kind = path === PAGE ? "html" : path.slice(path.lastIndexOf(".") + 1);
  const type = file.headers.get("content-type") ?? "of no type";
  expectThat(TYPES[kind]?.test(type) ?? false, `${path} as ${kind}`, `it is ${type}`);
  const isSecure = visitor.origin.startsWith("https:");
  const expected = { ...WEB_HEADERS, ...(isSecure && HTTPS_HEADERS), "cache-control": cacheControl(path) };
  expectHeaders(file, expected, ` of ${path}`);
}
