// Tasks without words. Enter leaves one behind at the end of a list; it has a box too, which marked would show as text.
import type { MarkedExtension } from "marked";

/** What marked tells a task by and removes from its words. It asks for a word behind the box. */
const RULES = { listIsTask: /^\[[ xX]\](?=[ \t\n]|$)/, listReplaceTask: /^\[[ xX]\][ \t]*/ };

export const EMPTY_TASKS: MarkedExtension = {
  tokenizer: {
    list() {
      if (this.rules.other.listIsTask !== RULES.listIsTask)
        this.rules = { ...this.rules, other: { ...this.rules.other, ...RULES } };
      return false; // Marked goes on with its own.
    },
  },
};
