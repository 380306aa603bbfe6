import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { type Code, Problem } from "@notejam/client/problem";
import { FIELD_CODES, type FieldCode } from "@notejam/core/field/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldMessages } from "../data/field-problem.ts";
import { explain } from "../data/problem.ts";
import { en as editor } from "./en/editor.ts";
import { en as form } from "./en/form.ts";
import { en as history } from "./en/history.ts";
import { en as palette } from "./en/palette.ts";
import { en } from "./en.ts";
import { t, withPart } from "./index.ts";
import type { Translation } from "./translation.ts";

describe("a text", () => {
  it("has its values as they are, whatever they contain", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("$&", "$1", "{{ name }}", "$$")), (name) => {
        expect(t("list.selectOne", { name })).toBe(`Select “${name}”`);
      }),
    );
  });

  it("keeps its direction, whatever its values are written in", () => {
    const RLO = "\u202e";
    const [FSI, PDI] = ["\u2068", "\u2069"];
    const opened = (name: string) => t("list.tagsIn", { name });
    expect(opened(`a${RLO}b`)).toBe(`Tags in ${FSI}a${RLO}b${PDI}`);
    expect(opened("שלום")).toBe(`Tags in ${FSI}שלום${PDI}`);
    expect(opened("Żółw, 9 °C 🐢")).toBe("Tags in Żółw, 9 °C 🐢");
    // By functions too, whose values stand one by one.
    expect(withPart(history)("history.title", "שלום")).toBe(`History: ${FSI}שלום${PDI}`);

    const controls = fc.string({ unit: fc.constantFrom("a", FSI, PDI, RLO, "\u2066", "\u2067") });
    fc.assert(
      fc.property(controls, (name) => {
        const controls = [...opened(name)].filter((one) => /[\u2066-\u2069]/.test(one));
        expect(controls).toEqual(/[^a]/.test(name) ? [FSI, PDI] : []);
      }),
    );
  });

  it("of a part is found beside those of the first page", () => {
    const words = withPart(editor);
    expect(words("editor.done")).toBe("Done");
    expect(words("app.undo")).toBe("Undo");
  });

  it("has its key in one part only", async () => {
    const files = globSync("*.ts", { cwd: join(import.meta.dirname, "en") });
    const parts = files.map(
      async (file): Promise<{ en: object }> => import(`./en/${basename(file, ".ts")}.ts`),
    );
    const keys = [{ en }, ...(await Promise.all(parts))].flatMap((part) => Object.keys(part.en));
    expect(keys).toContain("palette");
    expect(keys).toEqual([...new Set(keys)]);
  });
});

describe("an answer of the service is said in the user's language", () => {
  /** What the service would say. */
  const THEIRS = "(the service's words)";

  // That each code of a problem has words, the compiler checks.
  it("by the code of the problem", () => {
    expect(explain(new Problem("conflict", { detail: THEIRS }))).toBe(en.problem.conflict);
    expect(explain(new Problem("too_many_pads", { detail: THEIRS }))).toContain("at most 1000 pads");
  });

  it.each(FIELD_CODES)("by the code %s of a field", (code) => {
    const codes: Partial<Record<FieldCode, Code>> = { limit_reached: "too_many_pads", taken: "email_taken" };
    const problem = new Problem(codes[code] ?? "invalid_input", {
      detail: THEIRS,
      fields: Object.fromEntries(Object.keys(form.field).map((name) => [name, [THEIRS]])),
      codes: Object.fromEntries(Object.keys(form.field).map((name) => [name, [code]])),
    });
    for (const [name, message] of Object.entries(fieldMessages(problem))) {
      expect(message, name).not.toBe("");
      expect(message, name).not.toContain(THEIRS);
    }
  });

  it.each<[string, FieldCode, string]>([
    ["name", "too_long", "Name is too long (100 characters at most)"],
    ["newPassword", "too_short", "New password is too short (8 characters at least)"],
    ["text", "too_long", "Text is too long (512 KiB at most)"],
    ["email", "invalid", "Invalid email"],
  ])("with the limit of %s that is %s", (name, code, words) => {
    const problem = new Problem("invalid_input", { fields: { [name]: [THEIRS] }, codes: { [name]: [code] } });
    expect(fieldMessages(problem)).toEqual({ [name]: words });
  });

  it("or in the service's words, for a code or field that this page does not know yet", () => {
    const fields = { name: [THEIRS], colour: [THEIRS] };
    const codes = { name: ["too_loud" as FieldCode], colour: ["required" as FieldCode] };
    expect(fieldMessages(new Problem("invalid_input", { fields, codes }))).toEqual({
      name: THEIRS,
      colour: THEIRS,
    });
    expect(explain(new Problem("from_the_future" as never, { detail: THEIRS }))).toBe(THEIRS);
  });
});

it("a language that misses a text does not compile", () => {
  const whole: Translation<typeof palette.keys> = { ...palette.keys, title: "Tasten" };
  const { title: _, ...rest } = palette.keys;
  // @ts-expect-error: the title is missing
  const partial: Translation<typeof palette.keys> = rest;
  expect(partial).not.toEqual(whole);
});
