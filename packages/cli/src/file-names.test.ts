import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileNames, safePart } from "./file-names.ts";
import { isTextFile } from "./walk.ts";

describe("a part of a path", () => {
  test.each([
    ["plan.md", "plan.md"],
    [".", "_"],
    ["..", "__"],
    ["", "_"],
    ["a/b", "a_b"],
    ["a\\b", "a_b"],
    ["tab\there", "tab_here"],
    ["what?", "what_"],
    ["the end.", "the end_"],
    ["CON", "_CON"],
    ["con.md", "_con.md"],
    ["LPT1.tar.md", "_LPT1.tar.md"],
    ["control.md", "control.md"],
    ["Résumé 🙂.md", "Résumé 🙂.md"],
  ])("%j becomes %j", (name, part) => {
    expect(safePart(name)).toBe(part);
  });

  test("a name that is too long for a file system is cut at a character, before its extension", () => {
    const part = safePart(`${"🙂".repeat(97)}.md`);

    expect(part).toMatch(/^(🙂)+\.md$/u);
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(240);
  });
});

describe("paths of an export", () => {
  test("folders in a note's name are folders again, and a name without an extension of text gets one", () => {
    const names = new FileNames();
    const pad = names.pad("work");

    expect(names.note("docs/api/README.md", pad)).toBe("work/docs/api/README.md");
    expect(names.note("docs/todo", pad)).toBe("work/docs/todo.md");
    expect(names.note("Groceries")).toBe("Groceries.md");
    expect(names.note("main.rs")).toBe("main.rs.md");
  });

  test("outside a pad a name makes no folder, which would be a pad", () => {
    expect(new FileNames().note("docs/README.md")).toBe("docs_README.md");
  });

  test("what would be equal, also without regard to case, is numbered", () => {
    const names = new FileNames("notejam.json");

    expect([names.note("A.md"), names.note("a.md"), names.note("a"), names.note("A (2).md")]).toEqual([
      "A.md",
      "a (2).md",
      "a (3).md",
      "A (2) (2).md",
    ]);
    expect([names.pad("work"), names.pad("Work"), names.pad("a.md"), names.pad("notejam.json")]).toEqual([
      "work",
      "Work (2)",
      "a.md (2)",
      "notejam.json (2)",
    ]);
  });

  test("a file and a folder of one name do not stand in each other's way", () => {
    const names = new FileNames();

    expect(names.note("a.md", "pad")).toBe("pad/a.md");
    expect(names.note("a.md/b.md", "pad")).toBe("pad/a.md (2)/b.md");
    expect(names.note("a.md/c.md", "pad")).toBe("pad/a.md (2)/c.md");
  });

  /** Names as people and programs give them, and as nobody would. */
  const name = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
    fc.string({
      unit: fc.constantFrom("a", "A", "/", ".", " ", "\\", ":", "\n", "é", "e\u0301", "ß", "🙂"),
      minLength: 1,
    }),
    fc.constantFrom(
      "..",
      "../../etc/passwd",
      "/etc/passwd",
      "C:\\x",
      "NUL",
      "aux.md",
      "a/../../b",
      "x/CON/y",
      "a",
    ),
  );

  test("each path is given once, stays below the folder, and suits every file system", () => {
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 8 }),
        fc.array(fc.tuple(name, fc.nat(9)), { maxLength: 30 }),
        (pads, notes) => {
          const layOut = () => {
            const names = new FileNames();
            const folders = pads.map((pad) => names.pad(pad));
            return { folders, files: notes.map(([note, pad]) => names.note(note, folders[pad])) };
          };
          const { folders, files } = layOut();

          const given = [...folders, ...files].map((path) => path.normalize("NFC").toLowerCase());
          expect(new Set(given).size).toBe(given.length);
          files.forEach((file, index) => {
            const folder = folders[notes[index]?.[1] ?? -1];
            expect(folder === undefined ? !file.includes("/") : file.startsWith(`${folder}/`)).toBe(true);
            expect(isTextFile(posix.basename(file))).toBe(true);
          });
          for (const path of [...folders, ...files]) {
            expect(posix.normalize(path)).toBe(path);
            expect(win32.isAbsolute(path)).toBe(false);
            for (const part of path.split("/")) {
              expect(part).not.toMatch(/^\.{0,2}$|[. ]$|[\p{Cc}<>:"\\|?*]/u);
              expect(part).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
              expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
            }
          }
          expect(layOut()).toEqual({ folders, files });
        },
      ),
    );
  });
});
