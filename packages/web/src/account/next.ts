// Where signing in leads: the `next` of the address. Anyone can write that into a link, so it can only be a path of this
// site.
import { SIGNED_OUT_PAGES } from "../data/signed-out-pages.ts";

/** Pages that would lead back to sign-in. */
const ACCOUNT_PAGES = [...SIGNED_OUT_PAGES, "/signout"];

/** `next` as a path of this site, or `/` if it is anything else. */
export function safeNext(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  const base = "https://notejam.invalid";
  // Only the browser's own parser is right here: `/\evil.example` and `/<tab>/evil.example` name other hosts.
  if (!URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  if (ACCOUNT_PAGES.includes(url.pathname.replace(/\/$/, "").toLowerCase())) return "/";
  return url.pathname + url.search + url.hash;
}

/** The address of sign-in or sign-up that leads on to `path`. */
export function withNext(page: "/signin" | "/signup", path: string): string {
  const next = safeNext(path);
  return next === "/" ? page : `${page}?next=${encodeURIComponent(next)}`;
}
