// Finds and replaces in the text of the editor. What is looked for is the state of CodeMirror's own search, which marks what it finds;
// its panel stays empty, because the bar at the editor's foot is the app's. This code loads when somebody looks for something.
import { isolateHistory } from "@codemirror/commands";
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  openSearchPanel,
  replaceAll,
  replaceNext,
  SearchQuery,
  search,
  setSearchQuery,
} from "@codemirror/search";
import { type ChangeSet, EditorSelection, EditorState, type Extension, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { createSignal } from "solid-js";
import { t } from "../../words/find.ts";

/** More hits are not counted. */
export const HITS_MOST = 9999;
/** A longer selection is not what somebody looks for. */
const SELECTED_MOST = 200;

interface Wanted {
  search: string;
  replace: string;
  caseSensitive: boolean;
}

/** The editors that have the search. */
const searching = new WeakMap<EditorView, ReturnType<typeof createFind>>();

/** Begins to look for something in an editor. There is one search for each. */
export function findIn(view: EditorView): ReturnType<typeof createFind> {
  const find = searching.get(view) ?? createFind(view);
  searching.set(view, find);
  find.open();
  return find;
}

function createFind(view: EditorView) {
  /** Where each hit begins, in order. */
  let begins: number[] = [];
  const [count, setCount] = createSignal(0);
  /** Which hit is selected, from 1; 0 if none is. */
  const [here, setHere] = createSignal(0);
  const [wanted, setWanted] = createSignal<Wanted>({ search: "", replace: "", caseSensitive: false });
  /** What takes the last replacement of all hits back, in the text as it is now. */
  let inverse: ChangeSet | undefined;
  /** Where looking began. */
  let from = 0;

  const follow = EditorView.updateListener.of((update) => {
    const isEvent = (event: string) => update.transactions.some((one) => one.isUserEvent(event));
    if (isEvent("input.replace.all")) inverse = update.changes.invert(update.startState.doc);
    else if (update.docChanged) inverse = isEvent("undo") ? undefined : inverse?.map(update.changes);
    const isAsked = update.transactions.some(({ effects }) => effects.some((one) => one.is(setSearchQuery)));
    if (update.docChanged || isAsked) countHits();
    if (update.docChanged || update.selectionSet || isAsked) setHere(hitAt());
  });
  const extension: Extension = [
    search({
      createPanel: () => {
        const dom = document.createElement("div");
        dom.hidden = true;
        return { dom };
      },
    }),
    follow,
    EditorState.phrases.of({
      "current match": t("find.foundHit"),
      "on line": t("find.onLine"),
      "replaced match on line $": t("find.replacedOnLine"),
      "replaced $ matches": t("find.replacedHits"),
    }),
    LOOKS,
  ];
  view.dispatch({ effects: StateEffect.appendConfig.of(extension) });

  function countHits(): void {
    begins = [];
    const query = getSearchQuery(view.state);
    if (query.valid) {
      const hits = query.getCursor(view.state);
      for (let hit = hits.next(); !hit.done && begins.length <= HITS_MOST; hit = hits.next())
        begins.push(hit.value.from);
    }
    setCount(begins.length);
  }
  function hitAt(): number {
    const { main } = view.state.selection;
    return main.empty ? 0 : begins.indexOf(main.from) + 1;
  }
  function look(change: Partial<Wanted>): void {
    setWanted((before) => ({ ...before, ...change }));
    view.dispatch({ effects: setSearchQuery.of(new SearchQuery({ ...wanted(), literal: true })) });
  }

  return {
    wanted,
    count,
    here,
    open(): void {
      const { main } = view.state.selection;
      const selected = view.state.sliceDoc(main.from, main.to);
      from = main.from;
      openSearchPanel(view);
      const isSought = selected !== "" && selected.length <= SELECTED_MOST && !selected.includes("\n");
      look(isSought ? { search: selected } : {});
    },
    close(): void {
      closeSearchPanel(view);
      view.focus();
    },
    /** Looks for something else, and goes to the first hit after where looking began. */
    look(change: Partial<Wanted>): void {
      look(change);
      if (change.replace !== undefined) return;
      const hits = getSearchQuery(view.state);
      if (!hits.valid) return;
      const next = hits.getCursor(view.state, from).next();
      const hit = next.done ? hits.getCursor(view.state).next() : next;
      if (hit.done) return;
      const selection = EditorSelection.single(hit.value.from, hit.value.to);
      view.dispatch({ selection, scrollIntoView: true });
    },
    next(): void {
      findNext(view);
      from = view.state.selection.main.from;
    },
    previous(): void {
      findPrevious(view);
      from = view.state.selection.main.from;
    },
    replace: () => void replaceNext(view),
    /** Replaces all hits. @returns how many */
    replaceAll(): number {
      const all = count();
      replaceAll(view);
      return all;
    },
    /** Takes the last replacement of all hits back. What was written since stays. */
    undoReplaced(): void {
      const changes = inverse;
      inverse = undefined;
      if (changes) view.dispatch({ changes, annotations: isolateHistory.of("full") });
    },
  };
}

const LOOKS = EditorView.theme({
  // It may not be away: where it is says what of the text is in view.
  ".cm-panels": { height: "0", border: "0", overflow: "hidden" },
  ".cm-searchMatch": { backgroundColor: "transparent", textDecoration: "underline 2px var(--edge)" },
  ".cm-searchMatch-selected": {
    backgroundColor: "var(--held)",
    color: "var(--strong)",
    textDecorationColor: "var(--red)",
  },
});
