// What replaces or deletes text of several lines. A browser that joins lines by itself sets styles on the elements that it moves,
// which the page's policy refuses and reports; so the change is made here.
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** Chromium's shadow roots tell what is selected in them. Others do not, and keep their own way. */
type Selecting = { getSelection?: () => Selection | null };

export function changesOfSeveralLines(): Extension {
  return EditorView.domEventHandlers({
    beforeinput(event, view) {
      const isDeletion = event.inputType.startsWith("deleteContent");
      const insert = isDeletion ? "" : event.inputType === "insertText" ? event.data : null;
      // What is composed can't be taken over.
      if (insert === null || !event.cancelable || view.state.readOnly) return false;
      const selection = (view.root as Selecting).getSelection?.();
      if (!selection?.anchorNode || !selection.focusNode) return false;
      // The document's, since the editor may not have seen yet what a phone's handles have selected.
      const anchor = view.posAtDOM(selection.anchorNode, selection.anchorOffset);
      const head = view.posAtDOM(selection.focusNode, selection.focusOffset);
      const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
      // Backspace at the beginning of a line is the editor's, which knows lists.
      if (isDeletion && from === to) return false;
      if (to <= view.state.doc.lineAt(from).to) return false;
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length },
        scrollIntoView: true,
        userEvent: isDeletion ? "delete.selection" : "input.type",
      });
      return true;
    },
  });
}
