// Instead of a note that can't be shown: why, and what can be done.
import type { Problem } from "@notejam/client/problem";
import { Show } from "solid-js";
import { explain } from "../../data/problem.ts";
import { Failed } from "../../ui/failed.tsx";
import { t } from "../../words/note.ts";

export function NoteFailed(props: { problem: Problem | undefined; again: () => void }) {
  const isGone = () => props.problem?.code === "not_found";
  return (
    <Show when={props.problem}>
      {(problem) => (
        <Failed problem={problem()} again={props.again}>
          <h1 tabindex="-1">{isGone() ? t("note.notFound") : t("note.failed")}</h1>
          <p>{isGone() ? t("note.notFoundHint") : explain(problem())}</p>
        </Failed>
      )}
    </Show>
  );
}
