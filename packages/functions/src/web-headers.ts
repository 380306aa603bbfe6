// The headers of the web app and of the API's answers. CloudFront (stacks) and the local gateway send those of the web app;
// the API sends its own.

const CONTENT_SECURITY_POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  // data: is for the icons in style sheets. Pictures from other hosts would tell those hosts who reads which note.
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "manifest-src": "'self'",
  "form-action": "'self'",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
  // Only these policies may turn a string into elements or code. The web app makes each where it uses it: `solid` takes
  // compiled templates, `notejam-words` lets no tag through, `notejam-worker` allows only one address. `dompurify` parses a note
  // in a document of its own, to sanitise it.
  "require-trusted-types-for": "'script'",
  "trusted-types": "solid dompurify notejam-words notejam-worker",
};

/** Headers of every file of the web app. */
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

/** Additional headers of a site on https: CloudFront sends them, the local gateway on http://localhost does not. */
export const HTTPS_HEADERS: Record<string, string> = {
  "strict-transport-security": "max-age=63072000",
};

/** Headers of every answer of the API. */
export const API_HEADERS: Record<string, string> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};

/** The folder of files whose names contain a hash of their content. */
export const HASHED_FILES = "/assets/";

/** Cache-Control of a file of the web app: a file with a hashed name never changes, any other is revalidated. */
export function cacheControl(path: string): string {
  return path.startsWith(HASHED_FILES) ? "public, max-age=31536000, immutable" : "no-cache";
}
