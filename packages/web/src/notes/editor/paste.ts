// What is pasted: formatted text becomes Markdown. Without formatting, in code, or with Shift held it stays as it is.
import { isolateHistory } from "@codemirror/commands";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { isCodeAt } from "./code-at.ts";

/** Of larger HTML, the plain text is pasted. In UTF-16 units. */
const HTML_MAX = 512 * 1024;

export function richPaste(): Extension {
  let isPlain = false;
  return EditorView.domEventHandlers({
    keydown(event) {
      isPlain = event.shiftKey;
    },
    paste(event, view) {
      const { state } = view;
      const html = event.clipboardData?.getData("text/html") ?? "";
      const plain = event.clipboardData?.getData("text/plain") ?? "";
      const isFromEditor = event.clipboardData?.types.includes("vscode-editor-data");
      if (html === "" || html.length > HTML_MAX || isPlain || isFromEditor || isAddress(plain)) return false;
      if (state.readOnly || isCodeAt(state, state.selection.main.from)) return false;
      event.preventDefault();
      void import("./rich-paste.ts")
        .then(({ markdownOf }) => markdownOf(html))
        // Offline, or what can't be read: its words are there.
        .catch(() => undefined)
        .then((markdown) => insert(view, markdown ?? plain));
      return true;
    },
  });
}

/** An address is pasted as such, or makes a link of what is selected. */
function isAddress(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\S+$/i.test(text.trim());
}

/** One step to undo. */
function insert(view: EditorView, text: string): void {
  view.dispatch(view.state.replaceSelection(view.state.toText(text)), {
    scrollIntoView: true,
    userEvent: "input.paste",
    annotations: isolateHistory.of("full"),
  });
}
