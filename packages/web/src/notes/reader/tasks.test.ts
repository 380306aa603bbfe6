import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { withTask } from "./tasks.ts";

const TEXT =
  "# List\n\n- [ ] one\n- [x] two\n  1. [ ] nested\n\n```\n- [ ] code\n```\n\n`- [ ] code`\n\n* [X] last";

describe("a task that is ticked while reading", () => {
  it.each([
    [0, true, "- [x] one"],
    [1, false, "- [ ] two"],
    [2, true, "1. [x] nested"],
    [3, false, "* [ ] last"],
  ])("number %i changes its own box and nothing else", (index, isDone, line) => {
    const after = withTask(TEXT, index, isDone, 4) ?? "";
    expect(after).toContain(line);
    expect(after.length).toBe(TEXT.length);
    expect([...after].filter((character, i) => character !== TEXT[i])).toHaveLength(1);
  });

  it("is left alone if it is not certain which one it is", () => {
    expect(withTask(TEXT, 0, true, 3)).toBeUndefined();
    expect(withTask(TEXT, 4, true, 4)).toBeUndefined();
    expect(withTask("", 0, true, 0)).toBeUndefined();
  });

  it("is the one that the reader shows at this place, in any list of tasks", () => {
    const item = fc.record({
      depth: fc.nat(2),
      isDone: fc.boolean(),
      word: fc.stringMatching(/^[a-z]{1,6}$/),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), fc.nat(11), (items, at) => {
        const index = at % items.length;
        const text = items
          .map(
            ({ depth, isDone, word }, i) =>
              `${"  ".repeat(i === 0 ? 0 : depth)}- [${isDone ? "x" : " "}] ${word}`,
          )
          .join("\n");
        const shown = shownTasks(text);
        const after = withTask(text, index, !shown[index], shown.length);
        if (after === undefined) return;
        expect(shownTasks(after)).toEqual(shown.map((isDone, i) => (i === index ? !isDone : isDone)));
      }),
    );
  });
});

/** Whether each task is done, as the reader's parser finds them. */
function shownTasks(text: string): boolean[] {
  return [...marked.parse(text, { async: false }).matchAll(/<input ([^>]*)type="checkbox"/g)].map(
    ([, attributes = ""]) => attributes.includes("checked"),
  );
}
