// Why what was left of a note is not saved, and what can be done.
import { useLocation } from "@solidjs/router";
import { createResource, Match, Show, Switch } from "solid-js";
import { otherDevice } from "../../account/this-device.ts";
import { explainWithFields } from "../../data/field-problem.ts";
import { confirm } from "../../ui/confirm.ts";
import { Clock } from "../../ui/time.tsx";
import { t } from "../../words/note.ts";
import { whatChanged } from "../editor/what-changed.tsx";
import { addressOfDraft, type ListFilter, stateFrom } from "../list/filter.ts";
import type { LeftNote } from "./left-notes.ts";
import { discard, keepAsNew } from "./sending.ts";
import "./left.css";

interface LeftQuestionProps {
  left: LeftNote;
  filter: ListFilter;
  /** It becomes a note of this id. */
  onKept(id: string): void;
  onDiscarded(): void;
}

export default function LeftQuestion(props: LeftQuestionProps) {
  const location = useLocation();
  const question = () => props.left.question;
  const conflict = () => {
    const state = question();
    return state?.kind === "conflict" ? state : undefined;
  };
  const problem = () => {
    const state = question();
    return state?.kind === "failed" ? state.problem : undefined;
  };
  const isDeleted = () => question()?.kind === "deleted";
  const [device] = createResource(
    () => conflict()?.theirs,
    (theirs) => otherDevice(theirs),
  );

  async function ask(): Promise<void> {
    const yes = await confirm({
      title: t("drafts.discardTitle", { name: props.left.note.name }),
      text: t("drafts.discardHint"),
      yes: t("drafts.discard"),
      no: t("app.cancel"),
    });
    if (!yes) return;
    await discard(props.left);
    props.onDiscarded();
  }
  return (
    <div class="left-question" classList={{ waits: question() === undefined }}>
      <p>
        <Switch fallback={t("drafts.waiting")}>
          <Match when={props.left.waitsUntil}>
            {(until) => (
              <>
                {t("drafts.waitsUntil")} <Clock time={until()} />.
              </>
            )}
          </Match>
          <Match when={conflict()}>{(state) => whatChanged(state(), device.latest)}</Match>
          <Match when={problem()}>
            {(failed) => t("drafts.failed", { reason: explainWithFields(failed()) })}
          </Match>
          <Match when={isDeleted()}>{t("drafts.deleted")}</Match>
        </Switch>
      </p>
      <Show when={question()}>
        <p class="acts">
          <Show
            when={isDeleted()}
            fallback={
              <a
                class="button"
                href={addressOfDraft(props.left.note.id, props.filter)}
                state={stateFrom(location)}
              >
                {t(conflict() ? "drafts.compare" : "note.edit")}
              </a>
            }
          >
            <button type="button" onClick={() => void keepAsNew(props.left).then(props.onKept)}>
              {t("drafts.keepAsNew")}
            </button>
          </Show>
          <button type="button" class="quiet" onClick={() => void ask()}>
            {t("drafts.discardAsk")}
          </button>
        </p>
      </Show>
    </div>
  );
}
