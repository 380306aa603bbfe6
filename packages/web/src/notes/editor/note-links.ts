// Offers the notes whose names match what is typed after `[[`, and to make a new one of that name. The one that is chosen becomes a
// link with the note's id, so it works after the note is renamed, and two notes can have one name. This code loads when `[[` is typed
// for the first time.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionSource,
  startCompletion,
} from "@codemirror/autocomplete";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { NAME_MAX } from "@notejam/core/field/limits";
import { byField } from "@notejam/core/note/fields";
import { ORDER_DEFAULT, QUERY_MAX } from "@notejam/core/note/limits";
import { quietApi } from "../../data/api.ts";
import { newId } from "../../data/id.ts";
import { pads } from "../../pads/pads.ts";
import { sayProblem } from "../../ui/dock.tsx";
import { t } from "../../words/editor.ts";
import { writtenOf } from "../first-line.ts";
import { listOf } from "../list/lists.ts";
import { createNote } from "../notes.ts";
import { isCodeAt } from "./code-at.ts";
import { sayNewNote } from "./new-note-said.tsx";

/** How long typing must pause before the service is asked. */
const PAUSE_MS = 180;
const RECENT_MOST = 8;
const FOUND_MOST = "20";
/** `[[` and what is typed after it. */
const BEGUN = /\[\[[^[\]\n]*$/;

export { startCompletion };

/** @param padOfNew the pad that a new note is put into */
export function noteLinks(padOfNew: () => string | null): Extension {
  return [
    autocompletion({ override: [sourceOf(padOfNew)], activateOnTypingDelay: PAUSE_MS, icons: false }),
    EditorState.phrases.of({ Completions: t("editor.notes") }),
    THEME,
  ];
}

/** What a link needs to know of a note. */
interface Linked {
  id: string;
  name: string;
  padId: string | null;
  inName?: readonly (readonly [number, number])[];
}

const sourceOf =
  (padOfNew: () => string | null): CompletionSource =>
  async (context) => {
    const begun = context.matchBefore(BEGUN);
    if (!begun || isCodeAt(context.state, begun.from)) return null;
    const q = begun.text.slice("[[".length).trim();
    const notes = q === "" ? recent() : await found(q, context);
    const hits = new Map<Completion, readonly number[]>();
    const options = notes.map((note) => {
      const option = optionOf(note);
      hits.set(option, (note.inName ?? []).flat());
      return option;
    });
    // Behind a space it is no name: `[[ -f file ]]` is code.
    if (q !== "" && !/^\[\[\s/.test(begun.text)) options.push(newNote(q, padOfNew));
    // The service has filtered them already.
    return { from: begun.from, options, filter: false, getMatch: (option) => hits.get(option) ?? [] };
  };

function recent(): readonly Linked[] {
  return listOf({ order: ORDER_DEFAULT }).rows.slice(0, RECENT_MOST);
}

/** Asks the service. The next key aborts the request. */
async function found(q: string, context: CompletionContext): Promise<readonly Linked[]> {
  const asking = new AbortController();
  context.addEventListener("abort", () => asking.abort(), { onDocChange: true });
  try {
    const query = { q: [...q].slice(0, QUERY_MAX).join(""), limit: FOUND_MOST, archived: "false" as const };
    const response = await quietApi.search.$get({ query }, { init: { signal: asking.signal } });
    return (await response.json()).found.filter(({ inName }) => inName.length > 0);
  } catch {
    return []; // Given up, or offline: writing goes on.
  }
}

function optionOf({ id, name, padId }: Linked): Completion {
  const pad = pads.nameOf(padId);
  return {
    label: name,
    ...(pad !== undefined && { detail: pad }),
    apply: (view, _, from, to) => insertLink(view, { id, name }, from, to),
  };
}

/** Offers a note that does not exist yet. */
function newNote(typed: string, padOfNew: () => string | null): Completion {
  const name = [...typed].slice(0, NAME_MAX).join("");
  return {
    label: t("editor.newNote", { name }),
    apply(view, _, from, to) {
      const id = newId();
      insertLink(view, { id, name }, from, to);
      const make = async () => {
        // A note has a text, and its name is the first line.
        const written = writtenOf({ ...byField(() => null), padId: padOfNew() }, `# ${escaped(name)}\n\n`);
        await createNote({ id, ...written });
        sayNewNote(id, name);
      };
      make().catch((thrown) => sayProblem(thrown, make));
    },
  };
}

function insertLink(
  view: EditorView,
  { id, name }: Pick<Linked, "id" | "name">,
  from: number,
  to: number,
): void {
  const end = view.state.sliceDoc(to, to + 2) === "]]" ? to + 2 : to;
  const insert = `[${escaped(name)}](/notes/${id})`;
  view.dispatch({
    changes: { from, to: end, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.complete",
  });
}

/** A name with the escapes that make Markdown show it as it is. */
function escaped(name: string): string {
  return name.replace(/[\\[\]*`<]|\b_|_\b/g, "\\$&");
}

const THEME = EditorView.theme({
  ".cm-tooltip.cm-tooltip-autocomplete": {
    border: "1px solid var(--line)",
    borderRadius: "var(--round)",
    backgroundColor: "var(--raise)",
    boxShadow: "var(--lift)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    minWidth: "min(16rem, 90vw)",
    maxWidth: "min(26rem, 92vw)",
    maxHeight: "18rem",
    fontFamily: "var(--sans)",
    fontSize: "var(--ui)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "1rem",
    minHeight: "var(--row)",
    padding: "0 0.875rem",
    color: "var(--ink)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--chosen)",
    color: "var(--strong)",
    boxShadow: "inset 3px 0 var(--red)",
  },
  ".cm-completionLabel": { overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-completionMatchedText": { fontWeight: "700", textDecoration: "underline" },
  ".cm-completionDetail": {
    marginInlineStart: "auto",
    color: "var(--muted)",
    fontSize: "var(--small)",
    fontStyle: "normal",
  },
});
