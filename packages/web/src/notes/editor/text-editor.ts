// The field for Markdown is CodeMirror, which its author has maintained for many years. It loads when a note is written for the first
// time. It is in a shadow root, because there CodeMirror constructs its style sheets, which the content security policy allows. In the
// page itself it would add a style element, which the policy refuses.
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
  isolateHistory,
} from "@codemirror/commands";
import { deleteMarkupBackward, insertNewlineContinueMarkup, pasteURLAsLink } from "@codemirror/lang-markdown";
import { HighlightStyle, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import {
  type ChangeSet,
  type ChangeSpec,
  Compartment,
  EditorSelection,
  EditorState,
  type Extension,
  Text,
} from "@codemirror/state";
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
import { BEGINNING } from "../first-line.ts";
import type { TextChange } from "../merge/regions.ts";
import type { Position } from "../position.ts";
import { sharedEnds } from "../shared-ends.ts";
import { isCodeAt } from "./code-at.ts";
import { formatKeys } from "./format.ts";
import { language } from "./language.ts";
import { looks } from "./looks.ts";
import { richPaste } from "./paste.ts";
import { changesOfSeveralLines } from "./several-lines.ts";

export interface TextEditor {
  view: EditorView;
  text(): string;
  /** Its length in UTF-16 units. */
  length(): number;
  /** The beginning of the text, from which its name is taken. */
  beginning(): string;
  /**
   * Makes the text `text` by changes that can be undone. The caret and the rest stay where they are.
   * @param changes in UTF-16 units; the end of a line counts 1
   */
  merge(text: string, changes: readonly TextChange[]): void;
  /**
   * Shows a position, or the beginning. Unless it says where the caret is, that goes to the end of the text if it is in view, or else
   * to the first line that is.
   */
  begin(position: Position | undefined): void;
  /** The position that is in view, or will be when `show` is done. */
  position(): Position;
  /** Shows a position. This takes some frames, because CodeMirror measures what it draws. It ends if the user scrolls or types. */
  show(position: Position): void;
  destroy(): void;
}

export function createTextEditor(options: {
  host: HTMLElement;
  /** The element that scrolls, around the field. */
  scroll: HTMLElement;
  text: string;
  label: string;
  hint: string;
  /** The pad of the note, for notes that are made for links to them. */
  pad(): string | null;
  /** How much is covered at the foot of `scroll`, in CSS pixels. The caret stays above that. */
  covered(): number;
  /** Called with each change, before the next key. `before` gives the text before the change. */
  onChange(change: ChangeSet, before: () => string): void;
  /** Escape, or Ctrl or Cmd with Enter. */
  onDone(): void;
}): TextEditor {
  const root = options.host.shadowRoot ?? options.host.attachShadow({ mode: "open" });
  let showing: { position: Position; ending: AbortController } | undefined;
  const done = () => {
    options.onDone();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      // New lines end as the lines of the note do, so the rest of its text stays as it is.
      extensions: [
        EditorState.lineSeparator.of(options.text.includes("\r\n") ? "\r\n" : "\n"),
        history(),
        keymap.of([
          { key: "Mod-Enter", run: done },
          { key: "Enter", run: insertNewlineContinueMarkup },
          { key: "Backspace", run: deleteMarkupBackward },
          ...formatKeys,
          // In a list, Tab indents. Elsewhere it leaves the field, as everywhere on the page.
          { key: "Tab", run: (target) => isInList(target) && indentMore(target) },
          { key: "Shift-Tab", run: (target) => isInList(target) && indentLess(target) },
          ...defaultKeymap,
          ...historyKeymap,
          { key: "Escape", run: done },
        ]),
        new LanguageSupport(language, [pasteURLAsLink]),
        richPaste(),
        changesOfSeveralLines(),
        linksToNotes(options.pad),
        syntaxHighlighting(STYLES),
        looks,
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
        EditorView.scrollMargins.of(() => ({ bottom: options.covered() })),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.changes, () => update.startState.sliceDoc());
        }),
      ],
    }),
  });
  function show(position: Position): void {
    showing?.ending.abort();
    showing = { position, ending: new AbortController() };
    showPosition(view, options.scroll, position, showing.ending);
  }
  return {
    view,
    text: () => view.state.sliceDoc(),
    length: () => view.state.doc.length,
    beginning: () => view.state.sliceDoc(0, BEGINNING),
    merge(text, changes) {
      const merged = mergedIn(view.state, text, changes);
      view.dispatch({ changes: merged, annotations: isolateHistory.of("full"), userEvent: "merge" });
    },
    begin(position) {
      if (position) show(position);
      if (position)
        view.dispatch({ selection: EditorSelection.cursor(caretAt(view, options.scroll, position)) });
      view.focus();
    },
    position: () =>
      showing?.ending.signal.aborted === false ? showing.position : positionIn(view, options.scroll),
    show,
    destroy() {
      showing?.ending.abort();
      view.destroy();
    },
  };
}

/** Completes `[[` by links to notes. The code for that loads when `[[` is typed for the first time. */
function linksToNotes(pad: () => string | null): Extension {
  const compartment = new Compartment();
  let isLoading = false;
  const begin = EditorView.updateListener.of(({ view, docChanged, state }) => {
    const { head } = state.selection.main;
    if (!docChanged || isLoading || state.sliceDoc(Math.max(0, head - 2), head) !== "[[") return;
    if (isCodeAt(state, head)) return;
    isLoading = true;
    import("./note-links.ts").then(
      ({ noteLinks, startCompletion }) => {
        view.dispatch({ effects: compartment.reconfigure(noteLinks(pad)) });
        startCompletion(view);
      },
      () => {
        isLoading = false; // Offline: the next time.
      },
    );
  });
  return compartment.of(begin);
}

function positionIn(view: EditorView, scroll: HTMLElement): Position {
  const y = scroll.getBoundingClientRect().top - view.documentTop;
  if (y <= 0) return { top: scroll.scrollTop };
  const block = view.lineBlockAtHeight(y);
  const share = Math.min(1, (y - block.top) / block.height);
  return { line: view.state.doc.lineAt(block.from).number - 1 + share };
}

/** How many frames it takes at most to show a position. Each frame draws what the one before brought into view. */
const FRAMES_MOST = 12;

/** @param ending is aborted when the position is shown, or when the user scrolls or types */
function showPosition(
  view: EditorView,
  scroll: HTMLElement,
  position: Position,
  ending: AbortController,
): void {
  const { signal } = ending;
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    scroll.addEventListener(event, () => ending.abort(), { signal, passive: true });
  }
  const step = (frame: number) => {
    if (signal.aborted) return;
    scroll.scrollTop = "top" in position ? position.top : topOf(view, scroll, position.line);
    if (frame >= FRAMES_MOST) return ending.abort();
    view.requestMeasure();
    requestAnimationFrame(() => step(frame + 1));
  };
  step(0);
}

/** How far a line is from the top of what scrolls, in pixels. */
function topOf(view: EditorView, scroll: HTMLElement, line: number): number {
  const { doc } = view.state;
  const block = view.lineBlockAt(doc.line(Math.min(Math.floor(line) + 1, doc.lines)).from);
  const begin = view.documentTop - scroll.getBoundingClientRect().top + scroll.scrollTop;
  return begin + block.top + (line - Math.floor(line)) * block.height;
}

function caretAt(view: EditorView, scroll: HTMLElement, position: Position): number {
  const { doc } = view.state;
  if (position.caret !== undefined) return Math.min(position.caret, doc.length);
  const bottom = view.lineBlockAtHeight(scroll.getBoundingClientRect().bottom - view.documentTop);
  if (bottom.to === doc.length) return doc.length;
  const line = "top" in position ? 0 : Math.ceil(position.line);
  return doc.line(Math.min(line + 1, doc.lines)).from;
}

/** The changes that make the text `text`, with the line ends of the field. */
function mergedIn(state: EditorState, text: string, changes: readonly TextChange[]): ChangeSpec {
  const hasItsEnds = text.includes("\r\n") === (state.lineBreak === "\r\n");
  const wanted = state.toText(hasItsEnds ? text : text.replace(/\r?\n/g, state.lineBreak));
  const merged = changes.map(({ from, to, insert }) => ({ from, to, insert: Text.of(insert.split("\n")) }));
  // The changes don't fit a text with line ends of both kinds.
  const fits =
    changes.every(({ to }) => to <= state.doc.length) && state.changes(merged).apply(state.doc).eq(wanted);
  return fits ? merged : difference(state.doc, wanted);
}

/** The one piece in which two texts differ. */
function difference(before: Text, after: Text): ChangeSpec {
  const [old, now] = [before.toString(), after.toString()];
  const { start, end } = sharedEnds(old, now);
  return { from: start, to: old.length - end, insert: after.slice(start, now.length - end) };
}

const OWN_DIRECTION = Decoration.line({ attributes: { dir: "auto" } });

/** Gives each line that is drawn the direction of its own words, as the reader does. */
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

/** Marks are grey, and the text between them looks as it does for a reader. */
const STYLES = HighlightStyle.define([
  // CodeMirror takes only the most specific style of a node.
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
  // The pane scrolls the name and the text together.
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
