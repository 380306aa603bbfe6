// The session's cookie: its name, its attributes, and which cookie of a request counts.
import { type Viewer, viewerOf } from "@notejam/core/db/viewer";
import { SESSION_DAYS } from "@notejam/core/session/schema";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { siteOrigin } from "./distribution.ts";

const NAME = "notejam";
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const PLAIN_LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * The cookie is `__Host-notejam`: a browser accepts it only from this same host over https, so a neighbouring subdomain
 * can't set one. On a plain http://localhost it is `notejam` without Secure, because browsers treat Secure differently there.
 */
function attributes(c: Context) {
  const secure = !PLAIN_LOOPBACK.test(siteOrigin(c));
  return {
    prefix: secure ? ("host" as const) : undefined,
    secure,
    path: "/",
    httpOnly: true,
    sameSite: "Lax" as const,
  };
}

/** The viewer; undefined if the cookie is missing or does not have the form of a token. */
export function viewerFromCookie(c: Context): Viewer | undefined {
  const { prefix } = attributes(c);
  const token = prefix ? getCookie(c, NAME, prefix) : getCookie(c, NAME);
  return token !== undefined && TOKEN.test(token) ? viewerOf(token) : undefined;
}

export function setSessionCookie(c: Context, token: string): void {
  setCookie(c, NAME, token, { ...attributes(c), maxAge: SESSION_DAYS * 24 * 60 * 60 });
}

export function clearSessionCookie(c: Context): void {
  deleteCookie(c, NAME, attributes(c));
}
