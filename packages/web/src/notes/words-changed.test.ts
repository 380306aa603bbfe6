import fc from "fast-check";
import { expect, it } from "vitest";
import { wordsChanged } from "./words-changed.ts";
import { wordsIn } from "./words-in.ts";

it.for([
  ["", "one two", 2, 0],
  ["one two", "", 0, 2],
  ["one two three", "one too three", 1, 1],
  ["one two", "one two, and more", 3, 1],
  ["one two three", "three two one", 0, 0],
  ["a a", "a a a", 1, 0],
  ["שלום עולם", "שלום לכם", 1, 1],
  ["one\r\ntwo", "one\r\n\r\ntwo three", 1, 0],
] as const)("%j to %j adds %i words and removes %i", ([before, after, added, removed]) => {
  expect(wordsChanged(before, after)).toEqual({ added, removed });
});

it("what is added without what is removed is how much longer the text is", () => {
  const texts = fc
    .array(fc.constantFrom("a", "ab", "b", " ", "\n"), { maxLength: 20 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const { added, removed } = wordsChanged(before, after);
      expect(added - removed).toBe(wordsIn(after) - wordsIn(before));
      expect(Math.min(added, removed)).toBeGreaterThanOrEqual(0);
      expect(added).toBeLessThanOrEqual(wordsIn(after));
      expect(removed).toBeLessThanOrEqual(wordsIn(before));
    }),
  );
});
