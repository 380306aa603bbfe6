// Instead of a note that can't be shown: why, and what can be done.
import type { Problem } from "@notejam/client/problem";
import { Show } from "solid-js";
import { explain, mayRepeat } from "../../data/problem.ts";
import { t } from "../../words/note.ts";

export function NoteFailed(props: { problem: Problem | undefined; again: () => void }) {
  const isGone = () => props.problem?.code === "not_found";
  return (
    <div class="none" role="alert">
      <h1 tabindex="-1">{isGone() ? t("note.notFound") : t("note.failed")}</h1>
      <p>{isGone() ? t("note.notFoundHint") : props.problem && explain(props.problem)}</p>
      <Show when={props.problem && mayRepeat(props.problem)}>
        <button type="button" class="main-act" onClick={() => props.again()}>
          {t("app.tryAgain")}
        </button>
      </Show>
    </div>
  );
}
