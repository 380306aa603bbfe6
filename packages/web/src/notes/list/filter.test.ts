import { describe, expect, it } from "vitest";
import { addressOf, addressOfNewNote, addressOfNote, filterOf } from "./filter.ts";

const ID = "0a0b0c0d-0000-4000-8000-000000000000";
const PAD = "1a0b0c0d-0000-4000-8000-000000000000";
const at = (address: string) => {
  const { pathname, searchParams } = new URL(address, "https://notejam.example");
  return filterOf({ pathname, query: Object.fromEntries(searchParams) });
};

describe("the filter in an address", () => {
  it("sorts by last modified, newest first, unless the address has a valid order", () => {
    expect(at("/").order).toBe("-updated_at");
    expect(at("/?order=size").order).toBe("-updated_at");
    expect(filterOf({ pathname: "/", query: { order: ["name", "-name"] } }).order).toBe("-updated_at");
    expect(at("/?order=-name").order).toBe("-name");
  });

  it("has no empty search, and cuts one that is too long for the API between characters", () => {
    expect(at("/?q=")).not.toHaveProperty("q");
    expect(at(`/?q=${"😀".repeat(201)}`).q).toBe("😀".repeat(200));
  });

  it.each([
    "/",
    "/pinned",
    "/archive?order=name",
    "/tags/slow-food",
    "/tags/%C5%BElu%C5%A5?q=a",
    "/?order=name",
    `/pads/${PAD}`,
    `/pads/${PAD}?order=-name&q=a%26b`,
  ])("is the same at %s and at the addresses of notes beside that list", (address) => {
    const filter = at(address);
    expect(addressOf(filter)).toBe(address);
    expect(at(addressOfNote(ID, filter))).toEqual(filter);
    expect(at(addressOfNewNote(filter))).toEqual(filter);
  });
});
