// Says at the foot of the window how many notes are restored so far, and offers to stop, to go on or to close.
import { Match, Show, Switch } from "solid-js";
import { explain } from "../data/problem.ts";
import { t } from "../words/past.ts";
import type { RestoreAll } from "./restore-all.ts";
import "../ui/dock.css";

export function RestoreAllDock(props: { job: RestoreAll; close: () => void }) {
  const isGoing = () => props.job.state === "reading" || props.job.state === "restoring";
  const hasEnded = () => props.job.state === "stopped" || props.job.state === "failed";
  const words = () => {
    const { state, done, total } = props.job;
    if (state === "reading") return t("restoreAll.reading");
    if (state === "done") return t("restoreAll.done", done);
    return t(`restoreAll.${state === "restoring" ? "going" : state}`, done, total);
  };
  return (
    <div class="dock" role="status">
      <p>
        {words()} <Show when={props.job.problem}>{(problem) => explain(problem())}</Show>
      </p>
      <Switch>
        <Match when={isGoing()}>
          <button type="button" class="quiet" onClick={() => props.job.stop()}>
            {t("restoreAll.stop")}
          </button>
        </Match>
        <Match when={hasEnded()}>
          <button type="button" class="quiet" onClick={() => void props.job.run()}>
            {t("restoreAll.goOn")}
          </button>
        </Match>
      </Switch>
      <Show when={!isGoing()}>
        <button type="button" class="quiet" onClick={() => props.close()}>
          {t("app.close")}
        </button>
      </Show>
    </div>
  );
}
