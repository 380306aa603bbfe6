// The entity tag of a note or pad: its version in quotes. A change names it in If-Match.

/** The header of an answer with the present state of `thing`. */
export function etag(thing: { version: number }): { ETag: string } {
  return { ETag: `"${thing.version}"` };
}
