// What follows the rows of a long list if the next ones could not be loaded.
import { Show } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { explain } from "../data/problem.ts";
import { t } from "../words/index.ts";

export function MoreFailed(props: {
  list: Pick<Paged<unknown>, "isOpen" | "problem" | "loadMore">;
  words: string;
  class?: string;
}) {
  return (
    <Show when={props.list.isOpen && props.list.problem}>
      {(problem) => (
        <p class={`hint ${props.class ?? ""}`} role="alert">
          {props.words} {explain(problem())}{" "}
          <button type="button" class="link" onClick={() => props.list.loadMore()}>
            {t("app.tryAgain")}
          </button>
        </p>
      )}
    </Show>
  );
}
