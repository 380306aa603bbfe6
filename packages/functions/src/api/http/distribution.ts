// What stands between the browser and this code, and what of it is believed. Anyone can call API Gateway directly
// with headers of their choice, so the distribution (CloudFront, or the local gateway) proves itself with a secret,
// and only under it are the site's origin and the client's address taken from headers.
import { createHash, timingSafeEqual } from "node:crypto";
import { config } from "@notejam/core/config";
import type { Context, MiddlewareHandler } from "hono";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "../../distribution-headers.ts";
import { limitedAddress } from "./client-address.ts";
import type { ApiEnv } from "./context.ts";
import { RequestError } from "./request-error.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses what did not come through the stage's distribution, where it has one. */
export const throughDistribution: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const { originSecret } = config;
  if (originSecret !== undefined && !sameSecret(c.req.header(ORIGIN_SECRET_HEADER) ?? "", originSecret)) {
    throw new RequestError("forbidden_origin", {
      detail: "Requests come through the site's own address only.",
    });
  }
  await next();
};

/**
 * Refuses what another site's page makes a browser send (cross-site request forgery). A request with neither header
 * is no browser's, and no cookie comes along that its sender did not put there.
 */
export const sameOrigin: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!SAFE_METHODS.has(c.req.method)) {
    const site = c.req.header("Sec-Fetch-Site");
    const origin = c.req.header("Origin");
    if (
      (site !== undefined && site !== "same-origin") ||
      (origin !== undefined && origin !== siteOrigin(c))
    ) {
      throw new RequestError("forbidden_origin", {
        detail: "Changes are made from the site's own pages only.",
      });
    }
  }
  await next();
};

/**
 * The origin that the browser sees, `https://notes.example.com`.
 * @throws Error where the distribution sends something else: links in mails would lead astray
 */
export function siteOrigin(c: Context): string {
  if (config.originSecret === undefined) return new URL(c.req.url).origin;
  const origin = c.req.header(SITE_ORIGIN_HEADER) ?? "";
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    throw new Error(`The distribution must send its origin in ${SITE_ORIGIN_HEADER}.`);
  }
  return origin;
}

/**
 * The address that attempts are counted by. Without a distribution it is API Gateway's peer, `unknown` where there is
 * none, as in tests.
 * @throws Error where the distribution sends none: its own address, which the peer is then, is everybody's
 */
export function clientAddress(c: Context): string {
  const { event }: ApiEnv["Bindings"] = c.env ?? {};
  if (config.originSecret === undefined) {
    return limitedAddress(event?.requestContext.http.sourceIp ?? "") ?? "unknown";
  }
  const viewer = limitedAddress(c.req.header(CLIENT_ADDRESS_HEADER) ?? "");
  if (viewer === undefined)
    throw new Error(`The distribution must send the viewer in ${CLIENT_ADDRESS_HEADER}.`);
  return viewer;
}

/** Compares in a time that does not tell how much of it is right. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
