import { expect, test } from "vitest";
import { lastContents } from "./demo.ts";
import { NOTES } from "./diary.ts";
import { statesOf } from "./life.ts";

const NOW = new Date("2026-03-10T09:00:00Z");

test("a diary is read backwards: what a text said before, its name, its pad, and when it was deleted", () => {
  const states = statesOf(
    { name: "Bread", text: "Rye, slowly.", pad: "Recipes" },
    [
      { when: "5m", on: "Firefox on Linux", was: [[", slowly", ""]] },
      { when: "1d 08:00", padWas: null },
      { when: "2d 08:00", kind: "restore" },
      { when: "3d 08:00", kind: "delete" },
      { when: "4d 08:00", nameWas: "Loaf", was: [["Rye", "Wheat, or rye"]] },
      { when: "5d 08:00" },
    ],
    NOW,
  );

  const told = states.map(({ kind, content, updatedAt }) => [
    kind,
    content.name,
    content.text,
    content.pad,
    updatedAt.getDate(),
  ]);
  expect(told).toEqual([
    ["create", "Loaf", "Wheat, or rye.", null, 5],
    ["save", "Bread", "Rye.", null, 6],
    ["delete", "Bread", "Rye.", null, 6],
    ["restore", "Bread", "Rye.", null, 6],
    ["save", "Bread", "Rye.", "Recipes", 6],
    ["save", "Bread", "Rye, slowly.", "Recipes", 10],
  ]);
  expect(states[1]?.described).toEqual({ wordsAdded: 1, wordsRemoved: 3 });
  expect(states[2]?.deletedAt).toEqual(states[2]?.changedAt);
});

test("each note of the demo has a diary that fits its text, and each diary a note", () => {
  const files = lastContents();
  expect(files.map(({ file }) => file).sort()).toEqual(Object.keys(NOTES).sort());
  for (const { file, content } of files)
    expect(statesOf(content, NOTES[file] ?? [], NOW).length).toBeGreaterThan(0);
});
