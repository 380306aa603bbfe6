import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference } from "./difference.ts";
import { cut, folded, linesOf, type Part, roughly, wordsChanged } from "./parts.ts";

/** Texts that have much in common: any characters, halves of pairs, ends of lines of every kind. */
const piece = fc.constantFrom(
  ..."a b bee the the \n \r\n \r \t é e\u0301 旅行 京都 حقيبة السفر 👩‍👩‍👧 \ud83d \udc4d ไทย , . [x] # \u2028 \0".split(
    " ",
  ),
  " ",
  "one two\n",
  "three four\r\n",
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 40 }),
);

const sideOf = (parts: readonly Part[], other: Part["kind"]) =>
  parts.flatMap(({ kind, text }) => (kind === other ? [] : [text])).join("");

function expectWhole(parts: readonly Part[], before: string, after: string): void {
  expect(sideOf(parts, "added")).toBe(before);
  expect(sideOf(parts, "removed")).toBe(after);
}

/** As people write a difference: `a [-old-]{+new+}`. */
function shown(parts: readonly Part[]): string {
  const marks = { kept: ["", ""], removed: ["[-", "-]"], added: ["{+", "+}"] } as const;
  return parts.map(({ kind, text }) => marks[kind].join(text)).join("");
}

describe("a difference", () => {
  it("has the text before in what is kept and removed, and the text after in what is kept and added", () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (before, after, isLate) => {
        const parts = difference(before, after, isLate ? 0 : undefined);
        expectWhole(parts, before, after);
        expect(parts.every(({ text }) => text !== "")).toBe(true);
        expect(parts.some(({ kind }, i) => kind === parts[i + 1]?.kind)).toBe(false);
        if (before === after) expect(parts.every(({ kind }) => kind === "kept")).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("has both texts if only their beginnings and ends are compared", () => {
    fc.assert(
      fc.property(text, text, text, text, (begin, before, after, end) => {
        const [old, now] = [begin + before + end, begin + after + end];
        expectWhole(roughly(old, now), old, now);
      }),
      { numRuns: 2000 },
    );
    const same = "a\nb";
    expect(roughly(same, same)).toEqual([{ kind: "kept", text: same }]);
    expect(shown(roughly("a\nb\nc\nd", "a\nx\nc\nd"))).toBe("a\n[-b\n-]{+x\n+}c\nd");
  });

  it.each([
    ["Table for seven\n", "Table for eight\n", "Table for [-seven-]{+eight+}\n"],
    [
      "Tram 28 is nice in the evening. We like it.",
      "Tram 28 is full after ten. We like it.",
      "Tram 28 is [-nice in the evening-]{+full after ten+}. We like it.",
    ],
    [
      "28 is nice in the evening: walk, says everybody.",
      "28 is full after ten, along the Rua da Madalena: walk, says everybody.",
      "28 is [-nice in the evening-]{+full after ten, along the Rua da Madalena+}: walk, says everybody.",
    ],
    [
      "By bus until it gets cold.\n\nBack by nine.\n\nSunday",
      "By train until it gets cold.\n\nSunday",
      "By [-bus-]{+train+} until it gets cold.\n[-\nBack by nine.\n-]\nSunday",
    ],
    ["a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"],
    ["a\nc\n", "a\nb\nc\n", "a\n{+b\n+}c\n"],
    [
      "Quite another line\n",
      "Nothing of it stays here\n",
      "[-Quite another line\n-]{+Nothing of it stays here\n+}",
    ],
    ["我们明天去京都旅行", "我们后天去京都旅行", "我们[-明-]{+后+}天去京都旅行"],
    ["حقيبة السفر الكبيرة هنا", "حقيبة اليد الكبيرة هنا", "حقيبة [-السفر-]{+اليد+} الكبيرة هنا"],
    ["one\r\ntwo\r\n", "one\ntwo\r\n", "one[-\r\n-]{+\n+}two\r\n"],
    ["the end", "the end\n", "the end{+\n+}"],
    ["", "a new text", "{+a new text+}"],
    ["", "", ""],
  ])("of %j and %j is by line, then by word", (before, after, words) => {
    expect(shown(difference(before, after))).toBe(words);
  });

  it("of two texts of 512 KiB that have nothing in common is the one and the other", () => {
    const long = (word: string) =>
      Array.from({ length: 32 * 1024 }, (_, i) => `${word} ${i} line\n`).join("");
    const [before, after] = [long("alpha").slice(0, 512 * 1024), long("beta").slice(0, 512 * 1024)];
    const kinds = difference(before, after).map(({ kind }) => kind);
    expect(kinds.length).toBeLessThan(10);
    expectWhole(difference(before, after), before, after);
    // One line of half-common words, a line each, and nothing but ends of lines.
    for (const [one, two] of [
      [before.replaceAll("\n", " "), after.replaceAll("\n", " ")],
      ["a\n".repeat(256 * 1024), "\n".repeat(512 * 1024)],
    ] as const) {
      expectWhole(difference(one, two), one, two);
    }
  });

  it("counts the words that were added and removed", () => {
    const parts = difference("Table for seven, early\n", "Table for eight by the window, early\n");
    expect(wordsChanged(parts)).toEqual({ added: 4, removed: 1 });
  });
});

describe("the lines of a difference", () => {
  it("have all of it, each part in its line", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = difference(before, after);
        const lines = linesOf(parts);
        const all = lines.map(({ parts }) => parts.map(({ text }) => text).join("")).join("\n");
        const whole = parts.map(({ text }) => text).join("");
        expect([all, `${all}\n`]).toContain(whole);
        expect(lines.some(({ isChanged }) => isChanged)).toBe(before !== after);
      }),
    );
  });

  it("leave unchanged stretches out, but for some lines round each change", () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}\n`);
    const before = lines.join("");
    const after = lines.map((line, i) => (i === 50 ? "changed\n" : line)).join("");
    const all = linesOf(difference(before, after));
    const items = folded(all, new Set());
    expect(items.map((item) => ("count" in item ? item.count : "line"))).toEqual([
      47,
      ...Array(8).fill("line"),
      46,
    ]);
    const opened = folded(all, new Set([0]));
    expect(opened.map((item) => ("count" in item ? item.count : "line"))).toEqual([
      ...Array(55).fill("line"),
      46,
    ]);
  });

  it("are each shown or left out, once", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.array(fc.nat(60)), (changes, opened) => {
        const lines = changes.map((isChanged) => ({ parts: [], isChanged }));
        const shown = folded(lines, new Set(opened)).flatMap((item) =>
          "row" in item ? [item.row] : lines.slice(item.from, item.from + item.count),
        );
        expect(shown).toHaveLength(lines.length);
        expect(shown.every((line, i) => line === lines[i])).toBe(true);
      }),
    );
  });

  it("are cut before a character of which only half has room", () => {
    const kept = { kind: "kept", text: "x".repeat(4095) } as const;
    const added = { kind: "added", text: "👍👍" } as const;
    expect(cut({ parts: [kept, added], isChanged: true }).map(({ parts }) => parts)).toEqual([
      [kept],
      [added],
    ]);
  });

  it("are cut for the page if they are long, with nothing lost and no character cut in two", () => {
    const long = fc
      .tuple(fc.constantFrom("word ", "words", "👍", "京"), fc.nat(9000))
      .map(([word, times]) => word.repeat(times));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("kept", "added", "removed"), long), { maxLength: 4 }),
        (all) => {
          const parts = all.map(([kind, text]): Part => ({ kind, text }));
          const cuts = cut({ parts, isChanged: true });
          const texts = cuts.map(({ parts }) => parts.map(({ text }) => text).join(""));
          for (const kind of ["added", "removed"] as const) {
            expect(
              sideOf(
                cuts.flatMap(({ parts }) => parts),
                kind,
              ),
            ).toBe(sideOf(parts, kind));
          }
          expect(texts.every((text) => text.length <= 4096 && text.isWellFormed())).toBe(true);
        },
      ),
    );
  });

  it("are all shown if nothing changed", () => {
    const lines = linesOf(difference("a\n".repeat(50), "a\n".repeat(50)));
    expect(folded(lines, new Set())).toHaveLength(50);
  });
});
