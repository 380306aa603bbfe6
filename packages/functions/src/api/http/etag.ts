// The entity tag of a note or pad: its version in quotes. A change names it in If-Match.

/** The headers of an answer that has the present state of `thing`. */
export function etag(thing: { version: number }): { ETag: string } {
  return { ETag: `"${thing.version}"` };
}
