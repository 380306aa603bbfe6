// Drafts that were left: what was written and not saved before its editor was closed, as in a tab that was closed offline.
import { createSignal, For, Show } from "solid-js";
import { type KeptDraft, leftDrafts } from "../../data/drafts.ts";
import { listen } from "../../data/listen.ts";
import { user } from "../../data/session.ts";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/note.ts";
import { addressOfDraft, type ListFilter } from "./filter.ts";

const [left, setLeft] = createSignal<readonly KeptDraft[]>([]);

/** Looks again which drafts were left. */
export async function lookForDrafts(): Promise<void> {
  const id = user.latest?.id;
  setLeft(id === undefined ? [] : await leftDrafts(id));
}

export default function LeftDrafts(props: { filter: ListFilter; openId: string | undefined }) {
  const look = () => void lookForDrafts();
  look();
  // Another tab may have left or saved one.
  listen(window, "focus", look);
  const shown = () => left().filter(({ draft }) => draft.noteId !== props.openId);
  return (
    <Show when={shown().length > 0}>
      <section class="left-drafts" aria-label={t("drafts.title")}>
        <h2>{t("drafts.title")}</h2>
        <For each={shown()}>
          {({ draft }) => (
            <a class="note" href={addressOfDraft(draft.noteId, props.filter)}>
              <b class="clip" dir="auto">
                {draft.fields.name || t("note.unnamed")}
              </b>
              <Time time={new Date(draft.at).toISOString()} short />
              <p>{t("drafts.hint")}</p>
            </a>
          )}
        </For>
      </section>
    </Show>
  );
}
