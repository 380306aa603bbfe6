// Tells where a text is code, in which what is typed or pasted is left as it is.
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";

export function isCodeAt(state: EditorState, at: number): boolean {
  let node = syntaxTree(state).resolveInner(at, -1);
  for (; node.parent; node = node.parent) {
    if (node.name.includes("Code")) return true;
  }
  return false;
}
