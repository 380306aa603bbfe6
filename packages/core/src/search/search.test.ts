// Properties of the search, through the Data API on PGlite: what the database finds, Node marks.
import type { DataApiServer } from "@notejam/data-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { newUser, startDatabase } from "../../test/database.ts";
import { isStorable } from "../field/schema.ts";
import * as Note from "../note/index.ts";
import { hitsIn } from "../note/matching.ts";
import * as Search from "./index.ts";
import { snippetOf, WINDOW } from "./snippet.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

/** Words in which case folding has something to do, and any others. */
const word = fc.oneof(
  fc.constantFrom(
    ..."Straße,STRASSE,GRÖSSE,größe,ΟΔΟΣ,οδος,İstanbul,ıI,ﬁn,FIN,ŉ,ΐ,ǅ,K,ſ,a%_b,\\,🦉,日本".split(","),
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 5 }),
);
const text = fc
  .array(word, { minLength: 1, maxLength: 12 })
  .map((words) => words.join(" "))
  .filter((one) => isStorable(one) && one.trim() !== "");
const change = fc.constantFrom(
  (one: string) => one,
  (one: string) => one.toUpperCase(),
  (one: string) => one.toLowerCase(),
);

test("a note is found exactly where its name or text has a hit, and each hit that is shown is marked", async () => {
  const { viewer } = await newUser();
  await fc.assert(
    fc.asyncProperty(text, text, word, change, async (name, body, some, inCase) => {
      const q = inCase(some);
      fc.pre(isStorable(q) && [...q].length <= 200);
      const tag = "only";
      const { note } = await Note.create(viewer, {
        name: [...name.trim()].slice(0, 100).join("").trim(),
        text: `#${tag} ${body}`,
      });

      const [found, ...more] = await Search.find(viewer, { q, tag });
      await Note.save(viewer, note.id, 1, { text: "" });

      expect(more).toEqual([]);
      expect(found?.inName ?? []).toEqual(hitsIn(note.name, q));
      const isThere = hitsIn(note.name, q).length + hitsIn(note.text, q).length > 0;
      expect([q, found !== undefined]).toEqual([q, isThere]);
      if (found && hitsIn(note.text, q).length > 0) expect(found.inSnippet).not.toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("ranges are in order, in the string, apart, and of what was searched", () => {
  fc.assert(
    fc.property(text, word, change, (body, some, inCase) => {
      const q = inCase(some);
      let last = 0;
      for (const [start, end] of hitsIn(body, q)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(body.length);
        expect(hitsIn(body.slice(start, end), q)).toEqual([[0, end - start]]);
        last = end;
      }
    }),
    { numRuns: 1000 },
  );
});

test("a snippet is a part of its text in whole characters, whatever is searched", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 700 }), fc.boolean(), word, (body, begins, q) => {
      const window = [...body].slice(0, WINDOW.characters + 1).join("");

      const { snippet, inSnippet } = snippetOf(window, begins, q);

      const inside = snippet.slice(snippet.startsWith("…") ? 1 : 0);
      expect(snippet.isWellFormed()).toBe(true);
      expect(window).toContain(inside.endsWith("…") ? inside.slice(0, -1) : inside);
      const whole = hitsIn(window, q);
      expect(inSnippet.length > 0).toBe(
        whole.some(([, end]) => [...window.slice(0, end)].length <= WINDOW.characters),
      );
    }),
    { numRuns: 1000 },
  );
});
