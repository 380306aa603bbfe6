// What a user reads or hears is in the catalogue, so that a language needs no change of a component.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const SOURCES = join(import.meta.dirname, "..");

/** The name of the app, in the wordmark. */
const NAME = new Set(["note", "jam"]);

/** Attributes whose texts are read or heard. */
const ATTRIBUTES =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|label|hint|alt)$/;
/** Options of our own whose texts are read or heard. */
const OPTIONS = /^(title|text|yes|no|label|hint)$/;
/** Functions of our own that say their first value. */
const SAYING = /^(say)$/;

/** Operators whose value is one of theirs, or both. */
const JOINS = /^(\+|&&|\|\||\?\?)$/;

const KEY = /^[a-z]\w*(\.\w+)+$/;

function isText(text: string): boolean {
  return /\p{L}/u.test(text) && !KEY.test(text) && !NAME.has(text.trim());
}

/** The literal texts for a user in a source file, each with its line. */
function literalsIn(file: string, source: string): string[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const add = (node: ts.Node, text: string) => {
    const line = parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (isText(text)) found.push(`${file}:${line}: ${text.trim()}`);
  };
  /** The texts that an expression can have itself: not those of calls in it. */
  const addValues = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) add(node, node.text);
    else if (ts.isTemplateExpression(node)) {
      add(
        node,
        [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join(" "),
      );
    } else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(addValues);
    else if (ts.isBinaryExpression(node) && JOINS.test(node.operatorToken.getText()))
      [node.left, node.right].forEach(addValues);
    else if (ts.isParenthesizedExpression(node)) addValues(node.expression);
  };
  const visit = (node: ts.Node): void => {
    // What is written on a key is the same in every language.
    if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === "kbd") return;
    if (ts.isJsxText(node)) add(node, node.text);
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent))
      addValues(node.expression);
    if (ts.isJsxAttribute(node) && ATTRIBUTES.test(node.name.getText()) && node.initializer) {
      addValues(
        ts.isJsxExpression(node.initializer) ? (node.initializer.expression ?? node) : node.initializer,
      );
    }
    if (ts.isPropertyAssignment(node) && OPTIONS.test(node.name.getText())) addValues(node.initializer);
    if (ts.isCallExpression(node) && SAYING.test(node.expression.getText()) && node.arguments[0])
      addValues(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

it("no component says a text of its own", () => {
  const files = globSync("**/*.{ts,tsx}", { cwd: SOURCES }).filter(
    (file) => !file.startsWith("words") && !file.includes(".test."),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((file) => literalsIn(file, readFileSync(join(SOURCES, file), "utf8")))).toEqual([]);
});

it.each([
  ["<p>Hello</p>", "Hello"],
  ['<p>{"Hello"}</p>', "Hello"],
  ['<p>{isOld() ? "Old" : t("list.all")}</p>', "Old"],
  ['<p>{"All " + name()}</p>', "All"],
  ['<button aria-label="Close" />', "Close"],
  ['<Gate title={isNew() && "New"} />', "New"],
  ['say("Saved.")', "Saved."],
  ['confirm({ title: "Sure?" })', "Sure?"],
])("%s has one", (source, text) => {
  expect(literalsIn("one.tsx", source)).toEqual([`one.tsx:1: ${text}`]);
});
