// What is shown instead of a page: it doesn't exist, or its code failed.
import { Problem } from "@notejam/client/problem";
import { Show } from "solid-js";
import { listen } from "../data/listen.ts";
import { explain, mayRepeat } from "../data/problem.ts";
import { refetchUser } from "../data/session.ts";
import { Gate } from "../page/gate.tsx";
import { t } from "../words/index.ts";

export function ErrorPage(props: { error: unknown; reset: () => void }) {
  return (
    <Gate title={t("error.title")}>
      <div class="said" role="alert">
        <Show when={props.error instanceof Problem && props.error} fallback={<Crashed error={props.error} />}>
          {(problem) => <Failed problem={problem()} reset={props.reset} />}
        </Show>
      </div>
    </Gate>
  );
}

/** The service could not say who is signed in. */
function Failed(props: { problem: Problem; reset: () => void }) {
  async function again(): Promise<void> {
    await refetchUser();
    props.reset();
  }
  listen(window, "online", again);
  return (
    <>
      <p>{explain(props.problem)}</p>
      <Show when={mayRepeat(props.problem)}>
        <button type="button" class="main-act" onClick={again}>
          {t("app.tryAgain")}
        </button>
      </Show>
    </>
  );
}

/** The page's code failed. Usually it belongs to an older deployment, or did not arrive. */
function Crashed(props: { error: unknown }) {
  console.error(props.error);
  return (
    <>
      <p>{t("error.crashed")}</p>
      <button type="button" class="main-act" onClick={() => location.reload()}>
        {t("app.reload")}
      </button>
    </>
  );
}
