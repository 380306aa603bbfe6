// Ids that a repeated import finds again: the same account and path give the same id, so the service recognises the same
// creation. Nothing needs to be remembered between two runs.
import { createHash } from "node:crypto";

/**
 * The id of the pad or note that an account imports from a path. It is a UUID of version 8 (RFC 9562, 5.8, and its example
 * B.2): a name-based id like version 5, but made with SHA-256 instead of SHA-1.
 *
 * @param accountId the account's UUID, which is the namespace
 * @param kind keeps a pad and a note of the same path apart
 * @param path below the imported folder, with `/` between its parts
 */
export function derivedId(accountId: string, kind: "pad" | "note", path: string): string {
  const hash = createHash("sha256");
  hash.update(Buffer.from(accountId.replaceAll("-", ""), "hex"));
  hash.update(`${kind}:${path}`);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
