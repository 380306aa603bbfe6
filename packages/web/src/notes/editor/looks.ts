// How links and tables look while a text is written. A link shows its name, and its brackets and address where the caret is in it. A
// table's columns stand below each other, in a font of one width; a row that is too long goes on further in.
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Range } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

type SyntaxNode = ReturnType<typeof syntaxTree>["topNode"];

const HIDDEN = Decoration.replace({});
const NAME = Decoration.mark({ class: "cm-name-of-link" });
const ROW = Decoration.line({ class: "cm-row" });

export const looks = [
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorationsIn(view);
      }
      update(update: ViewUpdate) {
        const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
        if (update.docChanged || update.viewportChanged || update.selectionSet || isParsed)
          this.decorations = decorationsIn(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
  EditorView.theme({
    ".cm-name-of-link": {
      color: "var(--strong)",
      textDecoration: "underline 1px",
      textUnderlineOffset: "0.18em",
    },
    ".cm-line.cm-row": {
      paddingInlineStart: "2ch",
      textIndent: "-2ch",
      fontFamily: "var(--mono)",
      fontSize: "0.875em",
    },
  }),
];

/** Of what is in view. */
function decorationsIn({ state, visibleRanges }: EditorView): DecorationSet {
  const found: Range<Decoration>[] = [];
  for (const { from, to } of visibleRanges) {
    syntaxTree(state).iterate({
      from,
      to,
      enter({ name, node }) {
        if (name === "Link") found.push(...link(state, node));
        if (name === "Table") found.push(...rows(state, node, from, to));
        // In a table all is shown, or its columns would not stand below each other.
        return name !== "Link" && name !== "Table" && !name.includes("Code");
      },
    });
  }
  return Decoration.set(found, true);
}

/** `[name](address "title")`. Links by reference have no address to hide. */
function link(state: EditorState, node: SyntaxNode): Range<Decoration>[] {
  const [open, close] = node.getChildren("LinkMark");
  if (!open || !close || !node.getChild("URL")) return [];
  const { from, to } = node;
  const isWritten = state.selection.ranges.some((range) => range.from <= to && range.to >= from);
  const hasName = state.sliceDoc(open.to, close.from).trim() !== "";
  const isInOneLine = state.doc.lineAt(from).to >= to;
  if (!hasName) return [];
  const name = NAME.range(open.to, close.from);
  if (isWritten || !isInOneLine) return [name];
  return [HIDDEN.range(open.from, open.to), name, HIDDEN.range(close.from, to)];
}

function rows({ doc }: EditorState, table: SyntaxNode, from: number, to: number): Range<Decoration>[] {
  const first = doc.lineAt(Math.max(table.from, from)).number;
  const last = doc.lineAt(Math.min(table.to, to)).number;
  return Array.from({ length: last - first + 1 }, (_, i) => ROW.range(doc.line(first + i).from));
}
