// The address by which a text links to a note. It runs in a browser too.
import { UUID } from "../field/uuid.ts";

const ADDRESS = /^\/notes\/([^#]*)/i;

/** The id of the note that an address leads to, with or without a heading in it; undefined if it leads elsewhere. */
export function noteAt(address: string): string | undefined {
  const id = ADDRESS.exec(address)?.[1] ?? "";
  return UUID.test(id) ? id.toLowerCase() : undefined;
}
