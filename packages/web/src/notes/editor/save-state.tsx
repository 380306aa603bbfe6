// Says whether what is written is saved. Its width is fixed, so that nothing beside it moves.
import { Match, Show, Switch } from "solid-js";
import { explainWithFields } from "../../data/field-problem.ts";
import { isOnline } from "../../data/online.ts";
import { Clock } from "../../ui/time.tsx";
import { t } from "../../words/editor.ts";
import type { SaveState } from "./page.ts";

export function SaveStateWords(props: { state: SaveState; isKept: boolean }) {
  const saved = () => (props.state.kind === "saved" ? props.state : undefined);
  const failed = () => (props.state.kind === "failed" ? props.state : undefined);
  const waiting = () => (props.state.kind === "waiting" ? props.state : undefined);
  const conflict = () => (props.state.kind === "conflict" ? props.state : undefined);
  return (
    <span class="state number clip push" role="status">
      <Switch>
        <Match when={saved()}>
          {(saved) => (
            <>
              {t("editor.saved")} · <Clock time={saved().at} />
            </>
          )}
        </Match>
        <Match when={props.state.kind === "saving"}>{t("editor.saving")}</Match>
        <Match when={props.state.kind === "offline"}>
          {isOnline() ? t("editor.noAnswer") : t("editor.offline")} ·{" "}
          {props.isKept ? t("editor.kept") : t("editor.notKept")}
        </Match>
        <Match when={waiting()}>
          {(waiting) => (
            <>
              {t("editor.waitsUntil")} <Clock time={waiting().until} />
            </>
          )}
        </Match>
        <Match when={failed()}>
          {(failed) => t("editor.failed", { reason: explainWithFields(failed().problem) })}
        </Match>
        <Match when={conflict()}>
          {(conflict) => (
            <Show when={props.isKept} fallback={t("editor.conflictState")}>
              {t("list.keptHere")} · <Clock time={conflict().at} />
              {/* The question itself takes no focus. */}
              <span class="hush">{t("editor.conflict")}</span>
            </Show>
          )}
        </Match>
        <Match when={props.state.kind === "deleted"}>{t("editor.deletedState")}</Match>
      </Switch>
    </span>
  );
}
