import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merge, wholeConflict } from "./merge.ts";
import { changesOf, conflictsOf, type Keep, textOf } from "./regions.ts";

const KEEPS: readonly Keep[] = ["mine", "theirs", "both"];

/** The merged text, or undefined if a part of it is a conflict. */
function clean(base: string, mine: string, theirs: string): string | undefined {
  const merged = merge(base, mine, theirs);
  return conflictsOf(merged).length === 0 ? textOf(merged, "mine") : undefined;
}

/** A text with changes applied, each line's end counting 1. */
function changed(text: string, lineEnd: string, changes: ReturnType<typeof changesOf>): string {
  let now = text.replaceAll("\r\n", "\n");
  for (const { from, to, insert } of changes.toReversed()) now = now.slice(0, from) + insert + now.slice(to);
  return now.replaceAll("\n", lineEnd);
}

const LINES = [
  "",
  "- [ ] milk",
  "Rye bread, slowly.",
  "One sentence. And another! A third?",
  "השורה הראשונה. והשנייה.",
  "مرحبا بالعالم. كيف الحال؟",
  "東京の冬。雪が降る。",
  "…",
  "a.b.c",
];
const line = fc.oneof(fc.constantFrom(...LINES), fc.string({ maxLength: 6, unit: "grapheme" }));
/** Few different lines, so that many of them repeat. */
const lines = fc.array(
  line.map((text) => text.replace(/[\r\n]/g, "")),
  { maxLength: 10 },
);
const lineEnds = fc.constantFrom("\n", "\r\n");
const texts = fc.tuple(lines, lineEnds).map(([all, end]) => all.join(end));

/** What a side does to a line of the base. */
const act = fc.oneof(
  { weight: 5, arbitrary: fc.constant("keep") },
  fc.constant("delete"),
  fc.constant("replace"),
  fc.constant("insert"),
);
const WORDS = [
  ["base", "mine", "theirs"],
  ["מקור", "שלי", "שלהם"],
  ["元の文", "私の文", "彼の文"],
] as const;
/** A base of lines that are all different but for blank ones, and what each side makes of it. Each new line is different, too. */
const edited = fc
  .tuple(
    fc.array(fc.tuple(act, act, fc.boolean()), { minLength: 1, maxLength: 12 }),
    lineEnds,
    fc.constantFrom(...WORDS),
  )
  .map(([acts, end, [word, ...sides]]) => {
    const base = acts.map((_, i) => `${word} ${i}`);
    const side = (which: 0 | 1) =>
      base.flatMap((kept, i) => {
        const own = `${sides[which]} ${i}`;
        const does = acts[i]?.[which];
        const now =
          does === "delete" ? [] : does === "replace" ? [own] : does === "insert" ? [own, kept] : [kept];
        return acts[i]?.[2] ? [...now, ""] : now;
      });
    const withBlanks = base.flatMap((kept, i) => (acts[i]?.[2] ? [kept, ""] : [kept]));
    return { end, base: withBlanks, mine: side(0), theirs: side(1) };
  });

describe("a merge", () => {
  it("of what one side left as it was is the other side", () => {
    fc.assert(
      fc.property(texts, texts, (base, text) => {
        expect(clean(base, text, base)).toBe(text);
        expect(clean(base, base, text)).toBe(text);
        expect(clean(base, text, text)).toBe(text);
      }),
    );
  });

  it("loses no line of either side that the other did not change", () => {
    fc.assert(
      fc.property(edited, ({ end, base, mine, theirs }) => {
        const merged = merge(base.join(end), mine.join(end), theirs.join(end));
        // Texts of one line do not say how lines end.
        const has = (keep: Keep) => new Set(textOf(merged, keep).split(/\r?\n/));
        const shown = (all: Iterable<string>) => [...all].filter((one) => one !== "").sort();
        // What a side wrote, and what neither changed.
        const written = (side: string[]) => side.filter((one) => !base.includes(one));
        const kept = base.filter((one) => mine.includes(one) && theirs.includes(one));
        const isClean = conflictsOf(merged).length === 0;
        expect([...kept, ...written(mine)].filter((one) => !has("mine").has(one))).toEqual([]);
        expect([...kept, ...written(theirs)].filter((one) => !has("theirs").has(one))).toEqual([]);
        expect([...written(mine), ...written(theirs)].filter((one) => !has("both").has(one))).toEqual([]);
        if (!isClean) return;
        expect(shown(has("mine"))).toEqual(shown(new Set([...kept, ...written(mine), ...written(theirs)])));
      }),
    );
  });

  it("keeps all lines of a side in order where the other only added some, also lines that repeat", () => {
    const some = lines.filter((all) => all.length > 0);
    const added = fc.tuple(some, fc.array(fc.tuple(fc.nat(10), line), { maxLength: 4 }), some, lineEnds);
    fc.assert(
      fc.property(added, ([base, insertions, mine, end]) => {
        const theirs = [...base];
        for (const [at, text] of insertions) theirs.splice(at, 0, text.replace(/[\r\n]/g, ""));
        const merged = textOf(merge(base.join(end), mine.join(end), theirs.join(end)), "mine").split(end);
        let from = 0;
        for (const one of mine) {
          const found = merged.indexOf(one, from);
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + 1;
        }
      }),
    );
  });

  it("is the same from both sides", () => {
    fc.assert(
      fc.property(texts, texts, texts, (base, one, other) => {
        expect(clean(base, one, other)).toBe(clean(base, other, one));
        const [here, there] = [merge(base, one, other), merge(base, other, one)];
        expect(textOf(here, "mine")).toBe(textOf(there, "theirs"));
      }),
    );
  });

  it("can be made of my text by its changes, whatever is kept", () => {
    fc.assert(
      fc.property(texts, texts, texts, fc.constantFrom(...KEEPS), (base, mine, theirs, keep) => {
        for (const one of [merge(base, mine, theirs), wholeConflict(undefined, mine, theirs)]) {
          const isMixed = one.lineEnd === "\n" && [base, mine, theirs].some((text) => text.includes("\r"));
          if (!isMixed) expect(changed(mine, one.lineEnd, changesOf(one, keep))).toBe(textOf(one, keep));
        }
      }),
      // The last line is deleted, right after lines that both changed.
      { examples: [["a\nb", "\n\nb", "x\na", "both"]] },
    );
  });

  it.for([
    ["paragraphs apart", "a\n\nb\n\nc", "A\n\nb\n\nc", "a\n\nb\n\nC", "A\n\nb\n\nC"],
    ["neighbouring tasks", "- [ ] a\n- [ ] b", "- [x] a\n- [ ] b", "- [ ] a\n- [x] b", "- [x] a\n- [x] b"],
    ["a line at the end, and the last one", "a\nb", "a\nb\nc", "a\nB", "a\nB\nc"],
    ["sentences of one line", "One. Two. Three.", "1. Two. Three.", "One. Two. 3.", "1. Two. 3."],
    ["a sentence at the end, and the last one", "One. Two.", "One. Two. More.", "One. 2.", "One. 2. More."],
    [
      "sentences without spaces",
      "雪が降る。東京の冬。",
      "雨が降る。東京の冬。",
      "雪が降る。京都の冬。",
      "雨が降る。京都の冬。",
    ],
    ["a deleted paragraph, and another", "a\n\nb\n\nc", "b\n\nc", "a\n\nb\n\nC", "b\n\nC"],
    ["the same line twice, once each", "a\nb", "a\nx\nb", "a\nx\nb", "a\nx\nb"],
    ["lines ending in another way", "a\r\nb\r\nc", "A\r\nb\r\nc", "a\nb\nC", "A\nb\nC"],
  ])("joins %s", ([, base = "", mine = "", theirs = "", expected]) => {
    expect(clean(base, mine, theirs)).toBe(expected);
  });

  it("has a conflict only where both changed something in different ways", () => {
    const merged = merge("a\n\nOne. Two.\n\nb", "A\n\nOne. 2.\n\nb", "a\n\nOne. II.\n\nB");
    expect(conflictsOf(merged)).toEqual([{ base: "Two.", mine: "2.", theirs: "II." }]);
    expect(KEEPS.map((keep) => textOf(merged, keep))).toEqual([
      "A\n\nOne. 2.\n\nB",
      "A\n\nOne. II.\n\nB",
      "A\n\nOne. 2. II.\n\nB",
    ]);
  });

  it.for([
    ["both added at the same place", "a\nb", "a\nx\nb", "a\ny\nb", ["a\nx\ny\nb"]],
    ["both added at the end", "a", "a\nx", "a\ny", ["a\nx\ny"]],
    ["one deleted and the other changed", "a\nb\nc", "a\nc", "a\nB\nc", ["a\nB\nc"]],
    ["both changed a whole line", "- a\n- b", "- x\n- b", "- y\n- b", ["- x\n- y\n- b"]],
  ] as const)("drops neither where %s", ([, base, mine, theirs, [both]]) => {
    const merged = merge(base, mine, theirs);
    expect(conflictsOf(merged)).toHaveLength(1);
    expect(KEEPS.map((keep) => textOf(merged, keep))).toEqual([mine, theirs, both]);
  });

  it("of texts with too many differences is one conflict, but for how they begin and end", () => {
    const text = (word: string) =>
      `first\n${Array.from({ length: 3000 }, (_, i) => `${word} ${i}\n\n`).join("")}last`;
    const merged = merge(text("base"), text("mine"), text("theirs"));
    expect(conflictsOf(merged)).toHaveLength(1);
    expect(textOf(merged, "mine")).toBe(text("mine"));
    expect(textOf(merged, "theirs")).toBe(text("theirs"));
    expect(merged.regions[0]).toEqual({ merged: "first\n", mine: "first\n" });
  });

  it("of two texts whose beginning is unknown takes no side", () => {
    const merged = wholeConflict(undefined, "a\nb", "a\nb\nc");
    expect(conflictsOf(merged)).toEqual([{ base: "", mine: "", theirs: "c\n" }]);
  });
});
