// The field for Markdown: CodeMirror, kept by its author for many years, whose parts load when a note is first written. It
// stands in a shadow root, where its style sheets are constructed, which the content security policy allows; a style element
// in the page would be refused.
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import {
  deleteMarkupBackward,
  insertNewlineContinueMarkup,
  markdownLanguage,
  pasteURLAsLink,
} from "@codemirror/lang-markdown";
import { HighlightStyle, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { type ChangeSet, EditorSelection, EditorState } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { formatKeys } from "./format.ts";

export interface TextEditor {
  view: EditorView;
  text(): string;
  /** Its length in UTF-16 units. */
  length(): number;
  /** The first thousands of characters. */
  beginning(): string;
  /** Replaces what differs, so that the caret and what can be undone stay. */
  replace(text: string): void;
  focus(): void;
  destroy(): void;
}

/** How much of a text its name is taken from. */
export const BEGINNING = 4000;

export function createTextEditor(options: {
  host: HTMLElement;
  text: string;
  label: string;
  hint: string;
  /** Called with each change, before the next key. `before` is the text before it. */
  onChange(change: ChangeSet, before: () => string): void;
  /** Escape, or Ctrl or Cmd with Enter. */
  onDone(): void;
}): TextEditor {
  const root = options.host.shadowRoot ?? options.host.attachShadow({ mode: "open" });
  const done = () => {
    options.onDone();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      // A line ends as the note's lines do: what was not typed here stays as it is.
      extensions: [
        EditorState.lineSeparator.of(options.text.includes("\r\n") ? "\r\n" : "\n"),
        history(),
        keymap.of([
          { key: "Mod-Enter", run: done },
          { key: "Enter", run: insertNewlineContinueMarkup },
          { key: "Backspace", run: deleteMarkupBackward },
          ...formatKeys,
          // Tab leaves the field, as everywhere; in a list it indents.
          { key: "Tab", run: (target) => isInList(target) && indentMore(target) },
          { key: "Shift-Tab", run: (target) => isInList(target) && indentLess(target) },
          ...defaultKeymap,
          ...historyKeymap,
          { key: "Escape", run: done },
        ]),
        new LanguageSupport(markdownLanguage, [pasteURLAsLink]),
        syntaxHighlighting(STYLES),
        THEME,
        placeholder(options.hint),
        EditorView.lineWrapping,
        EditorView.perLineTextDirection.of(true),
        ownDirections,
        EditorView.contentAttributes.of({
          "aria-label": options.label,
          autocapitalize: "sentences",
          autocorrect: "on",
          spellcheck: "true",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.changes, () => update.startState.sliceDoc());
        }),
      ],
    }),
  });
  return {
    view,
    text: () => view.state.sliceDoc(),
    length: () => view.state.doc.length,
    beginning: () => view.state.sliceDoc(0, BEGINNING),
    replace(text) {
      const change = difference(view.state.sliceDoc(), text);
      if (change) view.dispatch({ changes: change });
    },
    focus() {
      view.dispatch({ selection: EditorSelection.cursor(view.state.doc.length), scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

/** The one piece in which two texts differ. */
function difference(before: string, after: string): { from: number; to: number; insert: string } | undefined {
  if (before === after) return undefined;
  let from = 0;
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from++;
  let end = 0;
  while (end < most - from && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

const OWN_DIRECTION = Decoration.line({ attributes: { dir: "auto" } });

/** Each line that is drawn has the direction of its own words, as it will be read. */
const ownDirections = ViewPlugin.fromClass(
  class {
    lines: DecorationSet;
    constructor(view: EditorView) {
      this.lines = drawnLines(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.lines = drawnLines(update.view);
    }
  },
  { decorations: (plugin) => plugin.lines },
);

function drawnLines(view: EditorView): DecorationSet {
  return Decoration.set(view.viewportLineBlocks.map(({ from }) => OWN_DIRECTION.range(from)));
}

const LIST_ITEM = /^\s*(?:[-*+]|\d+[.)])\s/;

function isInList({ state }: EditorView): boolean {
  return LIST_ITEM.test(state.doc.lineAt(state.selection.main.head).text);
}

const mono = { fontFamily: "var(--mono)", fontSize: "0.875em" };

/** Marks are grey, and texts look as they will be read. */
const STYLES = HighlightStyle.define([
  // The most special style of a node is the only one.
  {
    tag: [tags.heading1, tags.heading2],
    color: "var(--strong)",
    fontSize: "var(--title)",
    fontWeight: "700",
    letterSpacing: "var(--tight)",
    lineHeight: "1.25",
  },
  { tag: tags.heading, color: "var(--strong)", fontWeight: "700" },
  { tag: tags.strong, color: "var(--strong)", fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.monospace, tags.atom], ...mono },
  { tag: tags.quote, color: "var(--muted)" },
  {
    tag: [tags.url, tags.labelName, tags.processingInstruction, tags.contentSeparator, tags.comment],
    color: "var(--muted)",
  },
]);

const THEME = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  // The pane scrolls, with the name and the text.
  ".cm-scroller": {
    overflow: "visible",
    fontFamily: "var(--sans)",
    fontSize: "var(--text)",
    lineHeight: "1.6",
  },
  ".cm-content": { padding: "0", minHeight: "50vh", caretColor: "var(--red)" },
  ".cm-line": { padding: "0", overflowWrap: "anywhere" },
  ".cm-placeholder": { color: "var(--muted)" },
});
