import { Id } from "@notejam/core/field/schema";
import { afterEach, expect, it, vi } from "vitest";
import { newId, parseId } from "./id.ts";

afterEach(() => vi.unstubAllGlobals());

it("a new id is valid for the API, and no two are the same", () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(Id.parse(id)).toBe(id);
});

it("a page without a secure context makes random UUIDs too", () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 1000 }, newId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("an address without an id is not found", () => {
  expect(() => parseId("create")).toThrow(expect.objectContaining({ code: "not_found" }));
});
