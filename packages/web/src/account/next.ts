// Where a visitor goes after signing in: the `next` of the address. Anyone can write that into a link, so only a path
// of this site is followed.

/** Pages that would lead back to signing in. */
const ACCOUNT_PAGES = ["/signin", "/signup", "/signout", "/forgot-password", "/reset-password"];

/** `next` as a path of this site; `/` where it is anything else. */
export function safeNext(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  const base = "https://notejam.invalid";
  // The parser that the browser navigates with decides: it takes `/\evil.example` and `/<tab>/evil.example` for hosts.
  if (!URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  if (ACCOUNT_PAGES.includes(url.pathname.replace(/\/$/, "").toLowerCase())) return "/";
  return url.pathname + url.search + url.hash;
}

/** The address of a page for visitors that leads on to `path`. */
export function withNext(page: "/signin" | "/signup", path: string): string {
  const next = safeNext(path);
  return next === "/" ? page : `${page}?next=${encodeURIComponent(next)}`;
}
