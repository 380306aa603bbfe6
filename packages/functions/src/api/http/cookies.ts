// The cookies of sessions and devices: their names and attributes, and which cookie of a request counts.
import { createHmac } from "node:crypto";
import { config } from "@notejam/core/config";
import { type Viewer, viewerOf } from "@notejam/core/db/viewer";
import { DEVICE_DAYS, type Device, newDevice } from "@notejam/core/device/index";
import { TOKEN } from "@notejam/core/field/schema";
import type { FromBrowser, Opened } from "@notejam/core/session/opening";
import { SESSION_DAYS } from "@notejam/core/session/schema";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { deviceOf } from "./device.ts";
import { clientAddress, sameSecret, siteOrigin } from "./distribution.ts";

/** Its name on plain loopback. */
export const SESSION_COOKIE = "notejam";
const DEVICE = "notejam-device";
const DAY_SECONDS = 24 * 60 * 60;
const PLAIN_LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * The session's cookie is `__Host-notejam`. A browser accepts such a name only from the host itself over https, so another
 * subdomain can't set it. On a plain http://localhost it is `notejam` without Secure, because browsers disagree about Secure there.
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

function cookieOf(c: Context, name: string): string | undefined {
  const { prefix } = attributes(c);
  return prefix ? getCookie(c, name, prefix) : getCookie(c, name);
}

/** Undefined if the cookie is missing or does not have the form of a token. */
export function viewerFromCookie(c: Context): Viewer | undefined {
  const token = cookieOf(c, SESSION_COOKIE);
  return token !== undefined && TOKEN.test(token) ? viewerOf(token) : undefined;
}

/** What the browser that sends a request is called. */
export function deviceName(c: Context): string {
  return deviceOf(c.req.header("User-Agent"));
}

/** The device that sends a request: the one that its cookie names, or a new one. */
export function deviceFromCookie(c: Context): Device {
  const name = deviceName(c);
  const [token = "", signature] = cookieOf(c, DEVICE)?.split(".") ?? [];
  if (!TOKEN.test(token)) return newDevice(name);
  return { token, name, isSigned: isSignatureOf(token, signature) };
}

/** The browser that asks for a session. */
export function browserOf(c: Context): FromBrowser {
  return { address: clientAddress(c), device: deviceFromCookie(c), previous: viewerFromCookie(c) };
}

/** Gives the browser what was opened for it. */
export function setCookiesOf(c: Context, { token, device }: Opened): void {
  setSessionCookie(c, token);
  setDeviceCookie(c, device);
}

export function setDeviceCookie(c: Context, { token }: Device): void {
  const signed = [token, ...signaturesOf(token).slice(0, 1)].join(".");
  setCookie(c, DEVICE, signed, { ...attributes(c), maxAge: DEVICE_DAYS * DAY_SECONDS });
}

/** By each key of the stage, the newest first. */
function signaturesOf(token: string): string[] {
  return config.deviceKeys.map((key) =>
    createHmac("sha256", key).update(`device ${token}`).digest("base64url"),
  );
}

function isSignatureOf(token: string, signature = ""): boolean {
  return signaturesOf(token).some((right) => sameSecret(signature, right));
}

export function setSessionCookie(c: Context, token: string): void {
  setCookie(c, SESSION_COOKIE, token, { ...attributes(c), maxAge: SESSION_DAYS * DAY_SECONDS });
}

export function clearSessionCookie(c: Context): void {
  deleteCookie(c, SESSION_COOKIE, attributes(c));
}
