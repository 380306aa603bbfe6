// Replaces and deletes text of several lines. A browser that joins lines sets styles on the elements that it moves, which the page's
// policy refuses and reports. So the change is made here instead.
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** Only Chromium's shadow roots say what is selected in them. Other browsers make such a change themselves. */
type Selecting = { getSelection?: () => Selection | null };

export function changesOfSeveralLines(): Extension {
  return EditorView.domEventHandlers({
    beforeinput(event, view) {
      const isDeletion = event.inputType.startsWith("deleteContent");
      const insert = isDeletion ? "" : event.inputType === "insertText" ? event.data : null;
      // An event of a composition can't be cancelled.
      if (insert === null || !event.cancelable || view.state.readOnly) return false;
      const selection = (view.root as Selecting).getSelection?.();
      if (!selection?.anchorNode || !selection.focusNode) return false;
      // The selection of the document, because the editor may not know yet what was selected by the handles of a phone.
      const anchor = view.posAtDOM(selection.anchorNode, selection.anchorOffset);
      const head = view.posAtDOM(selection.focusNode, selection.focusOffset);
      const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
      // CodeMirror handles Backspace at the beginning of a line, because it knows lists.
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
