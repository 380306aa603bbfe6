import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSanitiser } from "./sanitise.ts";
import { positionOf } from "./source.ts";
import { areSameButForTicks, isDoneAt, withBox } from "./tasks.ts";
import { toHtml } from "./to-html.ts";

interface Box {
  /** Where it stands in the source; undefined if it can't be ticked. */
  at: number | undefined;
  isDone: boolean;
}

/** The boxes on the page of a text; undefined if the text can't be shown as Markdown. */
function boxesOf(text: string): Box[] | undefined {
  const sanitise = createSanitiser(true);
  const page = document.createElement("article");
  try {
    for (const piece of toHtml(text)) page.append(sanitise(piece));
  } catch {
    return undefined;
  }
  return [...page.querySelectorAll(".task")].map((box) => ({
    at: positionOf(box),
    isDone: box.matches(".done, :checked"),
  }));
}

/** The text after each of its boxes in turn was pressed once. */
function pressedOnce(text: string): string[] {
  return (boxesOf(text) ?? []).map(({ at, isDone }) =>
    at === undefined ? text : withBox(text, at, !isDone),
  );
}

describe("A task that is ticked while reading", () => {
  it.each([
    ["- [ ] one\n- [x] two", ["- [x] one\n- [x] two", "- [ ] one\n- [ ] two"]],
    ["* [X] last", ["* [ ] last"]],
    ["- a\n  1. [ ] nested", ["- a\n  1. [x] nested"]],
    ["- - [ ] twice nested", ["- - [x] twice nested"]],
    [
      "> - [ ] quoted\n>   - [ ] nested",
      ["> - [x] quoted\n>   - [ ] nested", "> - [ ] quoted\n>   - [x] nested"],
    ],
    ["-\t[ ]\ttabs", ["-\t[x]\ttabs"]],
    [
      "> [!todo] Now\n> - [ ] one\n\na[^1] ==b==\n\n[^1]: c\n\n- [ ] two",
      [
        "> [!todo] Now\n> - [x] one\n\na[^1] ==b==\n\n[^1]: c\n\n- [ ] two",
        "> [!todo] Now\n> - [ ] one\n\na[^1] ==b==\n\n[^1]: c\n\n- [x] two",
      ],
    ],
    ["- [ ] one\r\n- [ ] two", ["- [x] one\r\n- [ ] two", "- [ ] one\r\n- [x] two"]],
    [
      "- [ ] one\n\n  more [ ]\n\n- [ ] two",
      ["- [x] one\n\n  more [ ]\n\n- [ ] two", "- [ ] one\n\n  more [ ]\n\n- [x] two"],
    ],
    [
      "```\n- [ ] code\n```\n\n`- [ ] code`\n\n- [ ] one [ ]",
      ["```\n- [ ] code\n```\n\n`- [ ] code`\n\n- [x] one [ ]"],
    ],
  ])("%j changes its own box and nothing else", (text, after) => {
    expect(pressedOnce(text)).toEqual(after);
  });

  it.each([
    ["- [ ] milk\n- [ ] ", 2],
    ["- [ ] milk\n- [ ]", 2],
    ["- [ ] \n- [ ] milk\n- [x]", 3],
    ["- [ ] \n\n- [ ]\n\n  More", 2],
    ["1. [ ] \n   - [ ] \n", 2],
    ["> - [ ] ", 1],
    ["- [ ]milk", 0],
    ["[ ] ", 0],
  ])("may have no words yet: %j has boxes", (text, count) => {
    expect(boxesOf(text)).toHaveLength(count);
    expect(new Set(pressedOnce(text)).size).toBe(count);
    for (const after of pressedOnce(text)) expect(after).not.toBe(text);
  });

  it("is none in HTML, whatever that says of itself", () => {
    const text =
      '<input type="checkbox" data-task="x 3" checked>\n\n- [ ] milk\n\n<input type=checkbox data-task=0>';
    expect(boxesOf(text)).toEqual([
      { at: undefined, isDone: true },
      { at: text.indexOf("[ ]"), isDone: false },
      { at: undefined, isDone: false },
    ]);
  });
});

describe("What draws boxes and what finds them", () => {
  const sign = fc.constantFrom(..."- |* |+ |1. |2) |10. |-\t|  |    |\t".split("|"));
  const quote = fc.constantFrom("> ", ">");
  const box = fc.constantFrom("[ ] ", "[x] ", "[X]  ", "[ ]", "[x]\t", "");
  const words = fc.constantFrom(
    ..."a,b\tc,`- [ ] c`,```,~~~,# h,a|b,-|-,---,===,[x]: y,[a](,[ ] d,**e,\\,<!--,-->,<b>,</pre>,<pre>,\u00a0,".split(
      ",",
    ),
  );
  const end = fc.constantFrom("\n", "\n", "\n", "\n\n", "\r\n", "\r", " \n");
  const textOf = (...signs: fc.Arbitrary<string>[]) => {
    const line = fc.tuple(fc.array(fc.oneof(...signs), { maxLength: 5 }), box, words, end);
    return fc
      .array(line, { maxLength: 12 })
      .map((lines) => lines.map(([signs, ...rest]) => signs.join("") + rest.join("")).join(""));
  };

  it("agree on every text: a press changes the box that was pressed and no other", () => {
    fc.assert(
      fc.property(textOf(sign, quote), fc.nat(), (text, number) => {
        const before = boxesOf(text);
        const open = before?.filter(({ at }) => at !== undefined) ?? [];
        for (const { at, isDone } of open) expect(isDoneAt(text, at ?? 0)).toBe(isDone);
        const pressed = open[number % open.length];
        if (pressed?.at === undefined) return;
        const after = withBox(text, pressed.at, !pressed.isDone);
        expect(boxesOf(after)).toEqual(
          before?.map((box) => (box === pressed ? { ...box, isDone: !box.isDone } : box)),
        );
        expect(areSameButForTicks(text, after, [pressed.at])).toBe(true);
      }),
    );
  });

  it("find each box that is drawn, unless a quote goes on in lines without its sign", () => {
    fc.assert(
      fc.property(textOf(sign), fc.boolean(), (text, isQuoted) => {
        const lines = isQuoted ? text.replace(/^/gm, "> ") : text;
        expect(boxesOf(lines)?.filter(({ at }) => at === undefined) ?? []).toEqual([]);
      }),
    );
  });
});

describe("Two texts", () => {
  it.each([
    ["- [ ] a [ ]", "- [x] a [ ]", true],
    ["- [ ] a [ ]", "- [ ] a [ ]", true],
    ["- [ ] a [ ]", "- [ ] a [x]", false],
    ["- [ ] a [ ]", "- [x] b [ ]", false],
    ["- [ ] a [ ]", "- [-] a [ ]", false],
    ["- [ ] a [ ]", "- [x] a [ ] ", false],
  ])("%j and %j are the same but for the tick of the first: %s", (one, other, expected) => {
    expect(areSameButForTicks(one, other, [2])).toBe(expected);
  });
});
