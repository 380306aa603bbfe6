// What the keys and the toolbar do to Markdown. Each format puts its marks around the selection or before its lines, or takes them
// away.
import { EditorSelection, type EditorState, type TransactionSpec } from "@codemirror/state";
import type { Command, EditorView, KeyBinding } from "@codemirror/view";

/** Puts `mark` around each selection, or takes it away. */
function around(mark: string): Command {
  return (view) =>
    apply(view, (state) =>
      state.changeByRange((range) => {
        const inner = { from: range.from - mark.length, to: range.to + mark.length };
        const isMarked =
          inner.from >= 0 &&
          state.sliceDoc(inner.from, range.from) === mark &&
          state.sliceDoc(range.to, inner.to) === mark;
        if (isMarked) {
          return {
            changes: [
              { from: inner.from, to: range.from },
              { from: range.to, to: inner.to },
            ],
            range: EditorSelection.range(inner.from, range.to - mark.length),
          };
        }
        return {
          changes: [
            { from: range.from, insert: mark },
            { from: range.to, insert: mark },
          ],
          range: EditorSelection.range(range.from + mark.length, range.to + mark.length),
        };
      }),
    );
}

/** A kind of line: its mark, and how to recognise a line that has one. */
interface LineKind {
  mark: (line: number) => string;
  is: RegExp;
}

const ANY_MARK = /^(\s*)(?:#{1,6}\s+|[-*+]\s+\[[ xX]\]\s+|[-*+]\s+|\d+[.)]\s+|>\s?)?/;

const HEADING: LineKind = { mark: () => "## ", is: /^\s*##\s/ };
const BULLET: LineKind = { mark: () => "- ", is: /^\s*[-*+]\s+(?!\[[ xX]\]\s)/ };
const NUMBER: LineKind = { mark: (line) => `${line + 1}. `, is: /^\s*\d+[.)]\s/ };
const TASK: LineKind = { mark: () => "- [ ] ", is: /^\s*[-*+]\s+\[[ xX]\]\s/ };
const QUOTE: LineKind = { mark: () => "> ", is: /^\s*>/ };

/** Gives the selected lines the mark of a kind. If all of them have it, takes it away. */
function lines({ mark, is }: LineKind): Command {
  return (view) =>
    apply(view, (state) => {
      const selected = selectedLines(state).filter(
        (line, _, all) => all.length === 1 || line.text.trim() !== "",
      );
      const isAll = selected.every((line) => is.test(line.text));
      const changes = state.changes(
        selected.map((line, i) => {
          const [found = "", indent = ""] = ANY_MARK.exec(line.text) ?? [];
          return { from: line.from, to: line.from + found.length, insert: indent + (isAll ? "" : mark(i)) };
        }),
      );
      // The caret goes after the mark.
      return { changes, selection: state.selection.map(changes, 1) };
    });
}

function selectedLines(state: EditorState) {
  const { from, to } = state.selection.main;
  const first = state.doc.lineAt(from).number;
  const last = state.doc.lineAt(to).number;
  return Array.from({ length: last - first + 1 }, (_, i) => state.doc.line(first + i));
}

/** `[selected](|)`, with the caret where the address goes. */
const link: Command = (view) =>
  apply(view, (state) =>
    state.changeByRange((range) => ({
      changes: [
        { from: range.from, insert: "[" },
        { from: range.to, insert: "]()" },
      ],
      range: EditorSelection.cursor(range.empty ? range.from + 1 : range.to + 3),
    })),
  );

/** Inserts a block on lines of its own. */
function block(text: string, caret: number): Command {
  return (view) =>
    apply(view, (state) => {
      const line = state.doc.lineAt(state.selection.main.head);
      const before = line.text.trim() === "" ? "" : "\n\n";
      const at = line.to;
      return {
        changes: { from: at, insert: `${before}${text}\n` },
        selection: EditorSelection.cursor(at + before.length + caret),
      };
    });
}

const TABLE = "| Name | What |\n| --- | --- |\n|  |  |";
const FENCE = "```\n\n```";

function apply(view: EditorView, change: (state: EditorState) => TransactionSpec): boolean {
  if (view.state.readOnly) return false;
  view.dispatch(view.state.update(change(view.state), { scrollIntoView: true, userEvent: "input" }));
  return true;
}

/** On an empty line, begins a block of code. Elsewhere, puts backticks around the selection. */
const code: Command = (view) => {
  const { main } = view.state.selection;
  const isBlock = main.empty && view.state.doc.lineAt(main.head).text.trim() === "";
  return isBlock ? block(FENCE, FENCE.indexOf("\n") + 1)(view) : around("`")(view);
};

export const FORMATS = {
  heading: lines(HEADING),
  bold: around("**"),
  italic: around("*"),
  list: lines(BULLET),
  numbers: lines(NUMBER),
  task: lines(TASK),
  link,
  table: block(TABLE, TABLE.lastIndexOf("|  |") + 2),
  code,
  quote: lines(QUOTE),
} satisfies Record<string, Command>;
export type Format = keyof typeof FORMATS;

/** The keys of the formats, as CodeMirror writes them. */
export const KEY_OF: Partial<Record<Format, string>> = {
  heading: "Ctrl-Alt-2",
  bold: "Mod-b",
  italic: "Mod-i",
  list: "Ctrl-Alt-8",
  numbers: "Ctrl-Alt-7",
  task: "Ctrl-Alt-9",
  link: "Ctrl-Alt-l",
  code: "Mod-e",
  quote: "Ctrl-Shift-.",
};

export const formatKeys: KeyBinding[] = Object.entries(KEY_OF).map(([format, key]) => ({
  key,
  run: FORMATS[format as Format],
  preventDefault: true,
}));
