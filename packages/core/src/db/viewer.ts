// Where a reader meets the idea of the project: one request, one statement, authorised inside it.
import { createHash } from "node:crypto";

/** Who asks: the SHA-256 of a session's token. Whether it lives is decided in the statement that answers. */
export type Viewer = Buffer & { readonly viewer: unique symbol };

/** @param token the session token of the cookie */
export function viewerOf(token: string): Viewer {
  return createHash("sha256").update(token).digest() as Viewer;
}
