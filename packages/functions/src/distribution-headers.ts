// The headers that only the distribution may set: CloudFront's function (stacks), the local gateway, or Vite's proxy under
// `sst dev`. api/http/distribution.ts decides when the API trusts them.

/** Carries the origin secret. The API trusts the two headers below only in a request that has it. */
export const ORIGIN_SECRET_HEADER = "x-notejam-origin-secret";
/** The origin that the browser sees: `https://notes.example.com`. */
export const SITE_ORIGIN_HEADER = "x-notejam-site-origin";
/**
 * The client's address, for rate limits. The header has a name of our own. It depends on CloudFront's policy whether a client
 * can send a `CloudFront-Viewer-Address` of its own.
 */
export const CLIENT_ADDRESS_HEADER = "x-notejam-client-address";
