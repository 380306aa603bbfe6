// What was left and is not saved by itself: its user decides. Where the list itself could not be read, everything that was left.
import { For, Show } from "solid-js";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/note.ts";
import { addressOfDraft, type ListFilter } from "../list/filter.ts";
import { leftNotes } from "./left-notes.ts";
import LeftQuestion from "./left-question.tsx";

export default function NotSaved(props: { filter: ListFilter; isAll: boolean }) {
  let section: HTMLElement | undefined;
  const shown = () => leftNotes().filter(({ question }) => props.isAll || question);
  // The button that had the focus is gone.
  const focusNext = () =>
    queueMicrotask(() => {
      const next = section?.isConnected ? section.querySelector<HTMLElement>("a.note") : undefined;
      (next ?? document.querySelector<HTMLElement>(".list h1"))?.focus();
    });
  return (
    <Show when={shown().length > 0}>
      <section class="not-saved" aria-label={t("drafts.title")} ref={section}>
        <h2>{t("drafts.title")}</h2>
        <For each={shown()}>
          {(left) => (
            <div>
              <a class="note" href={addressOfDraft(left.note.id, props.filter)}>
                <b class="clip" dir="auto">
                  {left.note.name}
                </b>
                <Time time={left.note.updatedAt} short />
              </a>
              <LeftQuestion left={left} filter={props.filter} onKept={focusNext} onDiscarded={focusNext} />
            </div>
          )}
        </For>
      </section>
    </Show>
  );
}
