// The headers that only the distribution may set: CloudFront's function (stacks), the local gateway, or Vite's proxy under
// `sst dev`. api/http/distribution.ts decides when the API believes them.

/** Carries the origin secret. The API believes the two headers below only in a request that has it. */
export const ORIGIN_SECRET_HEADER = "x-notejam-origin-secret";
/** The origin that the browser sees: `https://notes.example.com`. */
export const SITE_ORIGIN_HEADER = "x-notejam-site-origin";
/**
 * The client's address, by which attempts are limited. The name is our own, because whether CloudFront replaces a
 * `CloudFront-Viewer-Address` that a client sends depends on the policy.
 */
export const CLIENT_ADDRESS_HEADER = "x-notejam-client-address";
