// Stands for what could not be loaded: it says why, and offers to try again if that can help.
import type { Problem } from "@notejam/client/problem";
import { Show } from "solid-js";
import { explain, mayRepeat } from "../data/problem.ts";
import { t } from "../words/index.ts";

export function Failed(props: {
  problem: Problem;
  again: () => void;
  title: string;
  /** What is said instead if it is not there, and where a link leads on. */
  gone?: { title: string; hint: string; link?: { href: string; words: string } };
  /** Whether it stands for all of a page or of a note, so that its title is the main heading. */
  isMain?: boolean;
}) {
  const gone = () => (props.problem.code === "not_found" ? props.gone : undefined);
  const title = () => gone()?.title ?? props.title;
  return (
    <div class="none" role="alert">
      <Show when={props.isMain} fallback={<h2>{title()}</h2>}>
        <h1 tabindex="-1">{title()}</h1>
      </Show>
      <p>{gone()?.hint ?? explain(props.problem)}</p>
      <Show when={gone()?.link}>
        {(link) => (
          <a class="button" href={link().href}>
            {link().words}
          </a>
        )}
      </Show>
      <Show when={mayRepeat(props.problem)}>
        <button type="button" class="main-act" onClick={() => props.again()}>
          {t("app.tryAgain")}
        </button>
      </Show>
    </div>
  );
}
