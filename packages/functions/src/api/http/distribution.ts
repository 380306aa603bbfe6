// Decides which requests and headers the API trusts. Anyone can call API Gateway directly with any headers. So the
// distribution (CloudFront, or the local gateway) sends a secret. Only in a request with this secret does the API believe the
// headers that name the site's origin and the client's address.
import { createHash, timingSafeEqual } from "node:crypto";
import { config } from "@notejam/core/config";
import type { Context, MiddlewareHandler } from "hono";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "../../distribution-headers.ts";
import { rateLimitAddress } from "./client-address.ts";
import type { ApiEnv } from "./context.ts";
import { RequestError } from "./request-error.ts";

/** Methods that change nothing. */
export const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that did not come through the stage's distribution, if it has one.
 * @throws Error if the distribution sends no origin, or the secret is set but empty: no request is answered then
 */
export const throughDistribution: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const { originSecret } = config;
  if (originSecret !== undefined && !sameSecret(c.req.header(ORIGIN_SECRET_HEADER) ?? "", originSecret)) {
    throw new RequestError("forbidden_origin", {
      detail: "Send requests to the site's own address.",
    });
  }
  // A sign-in needs the origin for its cookie, after the calls of the database. A missing origin must fail before the first call.
  siteOrigin(c);
  await next();
};

/**
 * Refuses a change that a page of another site makes a browser send (cross-site request forgery). A request with neither
 * header is not from a browser, and its sender has chosen its cookies.
 */
export const sameOrigin: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!SAFE_METHODS.has(c.req.method)) {
    const site = c.req.header("Sec-Fetch-Site");
    const origin = c.req.header("Origin");
    if (
      (site !== undefined && site !== "same-origin") ||
      (origin !== undefined && canonicalOrigin(origin) !== siteOrigin(c))
    ) {
      throw new RequestError("forbidden_origin", {
        detail: "Make changes from the site's own pages.",
      });
    }
  }
  await next();
};

/**
 * The origin that the browser sees, `https://notes.example.com`, whatever the client's Host header says.
 * @throws Error if the distribution does not send an origin, because links in mails would be wrong
 */
export function siteOrigin(c: Context): string {
  if (config.originSecret === undefined) return new URL(c.req.url).origin;
  const origin = canonicalOrigin(c.req.header(SITE_ORIGIN_HEADER) ?? "");
  if (origin === undefined) {
    throw new Error(`The distribution must send its origin in ${SITE_ORIGIN_HEADER}.`);
  }
  return origin;
}

/**
 * The client's address, for rate limits. Without a distribution it is API Gateway's peer, or `unknown` without an event, as
 * in tests.
 * @throws Error if the distribution sends no address, because the peer is then the same for all clients
 */
export function clientAddress(c: Context): string {
  const { event }: ApiEnv["Bindings"] = c.env ?? {};
  if (config.originSecret === undefined) {
    return rateLimitAddress(event?.requestContext.http.sourceIp ?? "") ?? "unknown";
  }
  const address = rateLimitAddress(c.req.header(CLIENT_ADDRESS_HEADER) ?? "");
  if (address === undefined) {
    throw new Error(`The distribution must send the client's address in ${CLIENT_ADDRESS_HEADER}.`);
  }
  return address;
}

/**
 * An origin as browsers write it: in lower case, without the default port of its scheme. Undefined if `written` is not an
 * origin, or has a path.
 */
function canonicalOrigin(written: string): string | undefined {
  const isOrigin = /^https?:\/\/[^/\\?#@\s]+$/i.test(written) && URL.canParse(written);
  return isOrigin ? new URL(written).origin : undefined;
}

/** Compares in constant time. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
