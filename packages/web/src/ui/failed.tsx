// Stands for what could not be loaded: it says why, and offers to try again if that can help.
import type { Problem } from "@notejam/client/problem";
import { type JSX, Show } from "solid-js";
import { mayRepeat } from "../data/problem.ts";
import { t } from "../words/index.ts";

/** `children`: a heading, and what happened. */
export function Failed(props: { problem: Problem; again: () => void; children: JSX.Element }) {
  return (
    <div class="none" role="alert">
      {props.children}
      <Show when={mayRepeat(props.problem)}>
        <button type="button" class="main-act" onClick={() => props.again()}>
          {t("app.tryAgain")}
        </button>
      </Show>
    </div>
  );
}
