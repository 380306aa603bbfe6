import fc from "fast-check";
import { expect, test } from "vitest";
import { parentsOf, type TagNode, treeOf } from "./tag-tree.ts";

const told = (nodes: TagNode[]): unknown[] =>
  nodes.map(({ label, under }) => (under.length ? [label, told(under)] : label));

test("a tag stands under the nearest one that is listed, by the rest of its name, in the order of the list", () => {
  const tags = [
    "work",
    "bread",
    "work/meeting",
    "work/project",
    "work/project/sql",
    "lost/parent",
    "/x",
    "workshop",
  ];

  expect(told(treeOf(tags.map((name) => ({ name, noteCount: 1 }))))).toEqual([
    ["work", ["meeting", ["project", ["sql"]]]],
    "bread",
    "lost/parent",
    "/x",
    "workshop",
  ]);
});

test("each tag stands once, under one that its name begins with", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const found: string[] = [];
      const walk = (nodes: TagNode[], parent?: string) => {
        for (const node of nodes) {
          found.push(node.name);
          expect(node.label).toBe(parent === undefined ? node.name : node.name.slice(parent.length + 1));
          if (parent !== undefined) expect(parentsOf(node.name)).toContain(parent);
          walk(node.under, node.name);
        }
      };
      walk(treeOf(names.map((one) => ({ name: one, noteCount: 1 }))));
      expect(found.sort()).toEqual([...names].sort());
    }),
    { numRuns: 200, seed: 7 },
  );
});
