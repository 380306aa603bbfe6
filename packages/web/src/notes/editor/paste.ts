// Makes Markdown of formatted text that is pasted. Text without formatting stays as it is, and so does all that is pasted into code or
// with Shift. An image is left out, which is said.
import { isolateHistory } from "@codemirror/commands";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { isCodeAt } from "./code-at.ts";
import { imagesIn, sayLeftOut } from "./images.tsx";

/** If the HTML is longer than this, its plain text is pasted. In UTF-16 units. */
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
      const images = imagesIn(event.clipboardData);
      if (html === "" && images.length > 0) {
        sayLeftOut(images);
        // A file that was copied has its name for a text.
        if (plain.trim() === "" || images.includes(plain.trim())) {
          event.preventDefault();
          return true;
        }
      }
      const isFromEditor = event.clipboardData?.types.includes("vscode-editor-data");
      if (html === "" || html.length > HTML_MAX || isPlain || isFromEditor || isAddress(plain)) return false;
      if (state.readOnly || isCodeAt(state, state.selection.main.from)) return false;
      event.preventDefault();
      void import("./rich-paste.ts")
        .then(({ pastedOf }) => pastedOf(html))
        // If the code does not load or the HTML can't be read, the plain text is pasted.
        .catch(() => undefined)
        .then((pasted) => {
          const text = pasted?.markdown ?? plain;
          if (text !== "") insert(view, text);
          sayLeftOut(pasted?.leftOut ?? []);
        });
      return true;
    },
    drop(event) {
      const images = imagesIn(event.dataTransfer);
      sayLeftOut(images);
      // CodeMirror reads the other files as texts.
      if (images.length === 0 || images.length < (event.dataTransfer?.files.length ?? 0)) return false;
      event.preventDefault();
      return true;
    },
  });
}

/** CodeMirror pastes an address as it is, or makes a link of the selection. */
function isAddress(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\S+$/i.test(text.trim());
}

/** Inserts a text. One step takes it back. */
function insert(view: EditorView, text: string): void {
  view.dispatch(view.state.replaceSelection(view.state.toText(text)), {
    scrollIntoView: true,
    userEvent: "input.paste",
    annotations: isolateHistory.of("full"),
  });
}
