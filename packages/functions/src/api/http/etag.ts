// The entity tag of a note or pad: its version in quotes, which a change then names in If-Match.

/** Headers of an answer that holds `thing` as it is now. */
export function etag(thing: { version: number }): { ETag: string } {
  return { ETag: `"${thing.version}"` };
}
