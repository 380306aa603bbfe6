import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rateLimitAddress } from "./client-address.ts";

describe("the address by which rate limits count", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["0:0:0:0:0:FFFF:c000:0201", "192.0.2.1"],
    ["2001:DB8:0:1::5", "2001:db8:0:1::/64"],
    ["2001:db8::", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("of %s is %s", (address, limited) => {
    expect(rateLimitAddress(address)).toBe(limited);
  });

  test.each(["", "example", "1.2.3", "1.2.3.4.5", "2001:db8::1::2", "%"])("of %j is undefined", (address) => {
    expect(rateLimitAddress(address)).toBeUndefined();
  });

  test("is the same for all spellings of one IPv6 address, and for its whole /64", () => {
    const group = fc.integer({ min: 1, max: 0xffff });
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (groups, others) => {
          const written = groups.map((one) => one.toString(16)).join(":");
          const padded = groups.map((one) => one.toString(16).padStart(4, "0").toUpperCase()).join(":");
          const neighbour = [...groups.slice(0, 4), ...others].map((one) => one.toString(16)).join(":");

          expect(rateLimitAddress(padded)).toBe(rateLimitAddress(written));
          expect(rateLimitAddress(neighbour)).toBe(rateLimitAddress(written));
        },
      ),
    );
  });
});
