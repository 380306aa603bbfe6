// The address that rate limits count: an IPv4 address, or the /64 of an IPv6 address, which is what a household or a rented
// server gets.
import { isIPv4, isIPv6 } from "node:net";

/**
 * `address` as rate limits count it, always spelled the same: `192.0.2.1`, `2001:db8:0:1::/64`. IPv4 in IPv6
 * (`::ffff:192.0.2.1`) is IPv4. Undefined if it is not an address.
 */
export function rateLimitAddress(address: string): string | undefined {
  if (isIPv4(address)) return address;
  const unzoned = address.replace(/%.*$/s, "");
  if (!isIPv6(unzoned)) return undefined;
  const groups = groupsOf(unzoned);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join(".");
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The eight groups of an IPv6 address. The URL parser writes an address in one way only: no dots, `::` at most once. */
function groupsOf(address: string): number[] {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head, tail] = written.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = tail ? Array<string>(8 - (head?.length ?? 0) - tail.length).fill("0") : [];
  return [...(head ?? []), ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}
