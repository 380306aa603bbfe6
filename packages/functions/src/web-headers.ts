// The headers of the web app and of the API's answers, defined once: CloudFront (stacks) and the local gateway send
// the first, the API sends the second itself.

const CONTENT_SECURITY_POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  // data: for the icons in style sheets. Pictures from elsewhere would tell their hosts who reads which note.
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "manifest-src": "'self'",
  "form-action": "'self'",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
  // No require-trusted-types-for: Solid puts its compiled templates, which hold no data, in place by innerHTML.
};

/** Of every file of the web app. */
export const WEB_HEADERS: Record<string, string> = {
  "content-security-policy": Object.entries(CONTENT_SECURITY_POLICY)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Beside these where the site is on https: CloudFront sends it, the local gateway on http://localhost does not. */
export const HTTPS_HEADERS: Record<string, string> = {
  "strict-transport-security": "max-age=63072000",
};

/** Of every answer of the API. */
export const API_HEADERS: Record<string, string> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};

/** Where the build puts files whose names carry a hash of their content. */
export const HASHED_FILES = "/assets/";

/** Cache-Control of a file of the web app: a hashed name never changes its content, any other is asked for again. */
export function cacheControl(path: string): string {
  return path.startsWith(HASHED_FILES) ? "public, max-age=31536000, immutable" : "no-cache";
}
