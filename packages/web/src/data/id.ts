// Ids: the browser chooses those of what it creates, so that a request that is sent again creates nothing twice, and
// checks those that an address names.
import { Problem } from "@notejam/client/problem";
import { UUID } from "@notejam/core/field/uuid";

/** What is sent to create something, with its id. */
export type WithId<T> = T & { id: string };

/** A random UUID (version 4), also in a page without a secure context, which has no `crypto.randomUUID`. */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** An id from the address bar. @throws Problem `not_found` for anything else, which would reach another route. */
export function parseId(id: string): string {
  if (!UUID.test(id)) throw new Problem("not_found");
  return id.toLowerCase();
}
