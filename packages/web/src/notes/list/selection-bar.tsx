// How many notes are selected and what can be done with them, in the place of the list's title.
import { For } from "solid-js";
import { CancelButton } from "../../ui/cancel-button.tsx";
import { t } from "../../words/note.ts";

interface Act {
  words: string;
  act: () => unknown;
}

export function SelectionBar(props: { count: number; acts: readonly Act[]; close: () => void }) {
  return (
    <div class="selected-bar" role="toolbar" aria-label={t("selection.begin")}>
      <div class="bar">
        <b role="status">{t("selection.count", { n: props.count.toLocaleString() })}</b>
        <span class="push" />
        <CancelButton act={props.close} />
      </div>
      <div class="acts">
        <For each={props.acts}>
          {({ words, act }) => (
            <button type="button" aria-disabled={props.count === 0} onClick={() => props.count > 0 && act()}>
              {words}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}
